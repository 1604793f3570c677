import type { tl } from '@aerogram/tl';
import examples from 'libphonenumber-js/mobile/examples';
import { type CountryCode, getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/min';

/** Must be changed with the list: clients that send this hash keep their copy. */
export const COUNTRIES_HASH = 2;

/** For countries that share a calling code: the prefixes after it. A country that has the code but is not listed here is the main one. */
const PREFIXES: Readonly<Partial<Record<CountryCode, string>>> = {
  AG: '268', AI: '264', AS: '684', BB: '246', BM: '441', BS: '242', DM: '767', DO: '809 829 849', GD: '473', GU: '671',
  CA: '204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942',
  JM: '658 876', KN: '869', KY: '345', LC: '758', MP: '670', MS: '664', PR: '787 939', SX: '721', TC: '649', TT: '868',
  VC: '784', VG: '284', VI: '340', KZ: '6 7', BQ: '3 4 7', CW: '9',
};

/** Territories whose numbers cannot be distinguished from those of a neighbouring country. */
const WITHIN_OTHERS: ReadonlySet<string> = new Set(['AX', 'BL', 'CC', 'CX', 'EH', 'GG', 'IM', 'JE', 'MF', 'SJ', 'TA', 'VA', 'YT']);

/** The part that does not depend on the language, computed on first use, which takes some milliseconds. */
let known: readonly tl.help.country[] | undefined;

/** Countries with their calling codes and their names in English and, if available, in the client's language. */
export function projectCountries(langCode: string): tl.help.country[] {
  known ??= listCountries();
  const local = findNames(langCode);
  return known.map((country) => {
    const name = local?.of(country.iso2);
    return { ...country, name: name === country.default_name ? undefined : name };
  });
}

function listCountries(): tl.help.country[] {
  const english = new Intl.DisplayNames('en', { type: 'region' });
  return getCountries()
    .filter((iso2) => !WITHIN_OTHERS.has(iso2))
    .map((iso2) => ({ _: 'help.country', iso2, default_name: english.of(iso2) ?? iso2, country_codes: [projectCode(iso2)] }));
}

function projectCode(iso2: CountryCode): tl.help.countryCode {
  const pattern = patternOf(iso2);
  return {
    _: 'help.countryCode',
    country_code: getCountryCallingCode(iso2),
    prefixes: PREFIXES[iso2]?.split(' '),
    patterns: pattern === undefined ? undefined : [pattern],
  };
}

/** How the digits of a mobile number are grouped after the calling code: `XXX XXX XXXX`. */
function patternOf(iso2: CountryCode): string | undefined {
  const example = getExampleNumber(iso2, examples);
  if (!example) return undefined;
  const national = example.formatInternational().slice(`+${example.countryCallingCode} `.length);
  return national.replaceAll(/\D+/g, ' ').replaceAll(/\d/g, 'X');
}

function findNames(langCode: string): Intl.DisplayNames | undefined {
  try {
    return new Intl.DisplayNames(langCode, { type: 'region' });
  } catch {
    // Clients also send non-standard language codes ("pt-raw", "uk_UA").
    return undefined;
  }
}
