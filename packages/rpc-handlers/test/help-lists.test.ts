import { describe, expect, it } from 'vitest';

import { NAME_PALETTE, PROFILE_PALETTE } from '../src/help/palettes.ts';
import { projectCountries } from '../src/help/project-countries.ts';
import { projectTimezones } from '../src/help/project-timezones.ts';

describe('countries', () => {
  const countries = projectCountries('de');
  const find = (iso2: string) => countries.find((country) => country.iso2 === iso2);

  it('have names, codes and number patterns', () => {
    expect(countries.length).toBeGreaterThan(225);
    expect(find('US')).toMatchObject({ default_name: 'United States', name: 'Vereinigte Staaten', country_codes: [{ country_code: '1', prefixes: undefined, patterns: ['XXX XXX XXXX'] }] });
    expect(find('GB')).toMatchObject({ country_codes: [{ country_code: '44', patterns: ['XXXX XXXXXX'] }] });
    expect(find('KZ')).toMatchObject({ country_codes: [{ country_code: '7', prefixes: ['6', '7'] }] });
    expect(find('CW')).toMatchObject({ country_codes: [{ country_code: '599', prefixes: ['9'] }] });
  });

  it('are unique for each phone number: a code has one country without prefixes, and no prefix occurs twice', () => {
    const seen = new Set<string>();
    for (const { country_codes } of countries) {
      for (const { country_code, prefixes } of country_codes) {
        for (const prefix of prefixes ?? ['']) {
          expect(seen, `+${country_code} ${prefix}`).not.toContain(`${country_code} ${prefix}`);
          seen.add(`${country_code} ${prefix}`);
        }
      }
    }
  });

  it('have English names if the language is unknown', () => {
    expect(projectCountries('pt-raw-nonsense-code-of-a-client').find((country) => country.iso2 === 'DE')?.default_name).toBe('Germany');
  });
});

describe('time zones', () => {
  it('have the offset of the current season', () => {
    const zone = (date: string) => projectTimezones(Date.parse(date)).find(({ id }) => id === 'Europe/Berlin')?.utc_offset;
    expect(zone('2025-01-15T12:00:00Z')).toBe(3600);
    expect(zone('2025-07-15T12:00:00Z')).toBe(7200);
    const zones = projectTimezones(Date.parse('2025-07-15T12:00:00Z'));
    expect(zones.find(({ id }) => id === 'Asia/Kathmandu' || id === 'Asia/Katmandu')?.utc_offset).toBe(20_700);
    expect(zones.every(({ utc_offset }, at) => at === 0 || utc_offset >= zones[at - 1]!.utc_offset)).toBe(true);
  });
});

describe('palettes', () => {
  it('number their colours from 0', () => {
    for (const palette of [NAME_PALETTE, PROFILE_PALETTE]) expect(palette.map((option) => option.color_id)).toEqual(palette.map((_, at) => at));
    const colors = PROFILE_PALETTE.flatMap(({ dark_colors }) => (dark_colors?._ === 'help.peerColorProfileSet' ? dark_colors.bg_colors : []));
    for (const color of colors) expect(color >>> 0).toBeLessThanOrEqual(0xffffff);
  });
});
