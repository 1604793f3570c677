import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { tl } from '@aerogram/tl';
import { beforeAll, describe, expect, it } from 'vitest';

import { listPlaceholders } from '../src/languages/lang-text.ts';
import { loadLanguages, type OfferedLanguage } from '../src/languages/languages.ts';

const PACKS = ['android', 'ios', 'macos', 'tdesktop'];

interface AskedKey {
  key: string;
  pack: string;
  placeholders: number;
  counts: boolean;
}

/** The keys that browser clients use from these packs. */
const ASKED: AskedKey[] = readFileSync(new URL('../../schema/lang-keys.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [key = '', pack = '', placeholders = '', counts] = line.split('\t');
    return { key, pack, placeholders: Number(placeholders), counts: counts === 'plural' };
  });

function valuesOf(text: tl.LangPackString | undefined): string[] {
  if (text?._ === 'langPackString') return [text.value];
  return text?._ === 'langPackStringPluralized' ? [text.one_value ?? '', text.other_value] : [];
}

describe('the English texts', () => {
  let english: OfferedLanguage;
  beforeAll(async () => {
    ({ english } = await loadLanguages(undefined));
  });

  it('include every listed key in its pack, with its placeholders and plural forms', () => {
    expect(ASKED.length).toBeGreaterThanOrEqual(1480);
    const strings = new Map(PACKS.map((pack) => [pack, new Map(english.projectStrings(pack).map((text) => [text.key, text]))]));
    const answered = ASKED.map(({ key, pack }) => {
      const text = strings.get(pack)?.get(key);
      const forms = valuesOf(text);
      return { key, pack, placeholders: [...new Set(forms.map((form) => listPlaceholders(pack, form).length))], counts: text?._ === 'langPackStringPluralized' };
    });
    expect(answered).toEqual(ASKED.map((asked) => ({ ...asked, placeholders: [asked.placeholders] })));
  });

  it('list no key twice', () => {
    expect(new Set(ASKED.map(({ key }) => key)).size).toBe(ASKED.length);
  });

  it.each(PACKS)('of %s use only the placeholders of that app, in order', (pack) => {
    const strings = english.projectStrings(pack);
    expect(strings.length).toBeGreaterThan(40);
    for (const text of strings) {
      for (const value of valuesOf(text)) {
        expect(value.trim(), text.key).not.toBe('');
        const placeholders = listPlaceholders(pack, value);
        const rest = value.replaceAll(pack === 'tdesktop' ? /\{\w+\}/g : pack === 'android' ? /%\d\$[sd]/g : /%[@d]/g, '');
        expect(rest, text.key).not.toMatch(/[%{}]/);
        // Some clients insert values in the order of the placeholders and ignore their numbers.
        if (pack !== 'tdesktop') expect(placeholders.map((placeholder) => Number(placeholder[0])), text.key).toEqual(placeholders.map((_, at) => at + 1));
      }
    }
  });

  it.each(PACKS)('of %s with plural forms have the same placeholders in both forms', (pack) => {
    for (const text of english.projectStrings(pack)) {
      const [one = '', other = one] = valuesOf(text);
      expect(listPlaceholders(pack, one), text.key).toEqual(listPlaceholders(pack, other));
    }
  });

  it('include the months and days, in full and abbreviated', () => {
    expect(english.findText('tdesktop', 'lng_month9')).toBe('September');
    expect(english.findText('tdesktop', 'lng_month9_small')).toBe('Sep');
    expect(english.findText('tdesktop', 'lng_weekday7_full')).toBe('Sunday');
    expect(english.findText('ios', 'Month.GenMay')).toBe('May');
    expect(english.findText('ios', 'Weekday.ShortThursday')).toBe('Thu');
  });

  it('get a higher version when they change, so that clients fetch them again', () => {
    const texts = PACKS.flatMap((pack) => english.projectStrings(pack).map((text) => JSON.stringify([pack, text])));
    const digest = createHash('sha256').update(texts.toSorted().join('\n')).digest('hex').slice(0, 16);
    // After changing texts, raise the version in assets/languages/en/language.json and then update both values here.
    expect({ version: english.version, digest }).toEqual({ version: 6, digest: 'cf8422359653b1f5' });
  });

  it('are empty for clients with built-in texts, and for names of Object.prototype', () => {
    for (const pack of ['webk', 'weba', '', '__proto__', 'constructor']) {
      expect(english.projectStrings(pack)).toEqual([]);
      expect(english.project(pack)).toMatchObject({ lang_code: 'en', strings_count: 0 });
    }
  });
});
