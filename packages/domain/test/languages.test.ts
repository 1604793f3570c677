import { describe, expect, it } from 'vitest';

import { Languages } from '../src/languages/languages.ts';
import { type LanguageFile, type LanguageFolder, parseLanguage } from '../src/languages/parse-language.ts';

const ABOUT = { name: 'German', native_name: 'Deutsch' };

function folder(code: string, files: Record<string, unknown>, modifiedDate = 1000): LanguageFolder {
  const all = { 'language.json': ABOUT, ...files };
  const list = Object.entries(all).map(([name, value]): LanguageFile => ({ path: `langs/${code}/${name}`, name, json: typeof value === 'string' ? value : JSON.stringify(value) }));
  return { path: `langs/${code}`, code, files: list, modifiedDate };
}

const ENGLISH = parseLanguage(
  folder('en', {
    'language.json': { name: 'English', native_name: 'English', version: 4 },
    'android.json': { Cancel: 'Cancel', Hi: 'Hi, %1$s', Members: { one: '%1$d member', other: '%1$d members' }, At: '%1$s at %2$s' },
    'ios.json': { 'Common.OK': 'OK', 'Time.At': '%@ at %@' },
    'tdesktop.json': { lng_typing: '{user} is typing' },
  }),
);

const parse = (files: Record<string, unknown>, code = 'de'): unknown => parseLanguage(folder(code, files), ENGLISH);

describe('a language of the operator', () => {
  it('has texts by pack, from one file or several', () => {
    const { packs, ...about } = parseLanguage(folder('pt-br', { 'android.json': { Cancel: 'a' }, 'android.more.json': { Other: 'b' }, 'weba.json': { Own: '{x} 50%' } }), ENGLISH);
    expect(about).toEqual({ code: 'pt-br', name: 'German', nativeName: 'Deutsch', pluralCode: 'pt', rtl: false, version: 1000 });
    expect([...packs.keys()]).toEqual(['android', 'weba']);
    expect([...packs.get('android')!]).toEqual([['Cancel', 'a'], ['Other', 'b']]);
  });

  it('may move placeholders, omit them, and use all plural forms', () => {
    parse({ 'android.json': { Members: { one: 'ein Mitglied', few: '%1$d M', many: '%d M', other: '%1$d Mitglieder' }, At: 'um %2$s %1$s' } });
    parse({ 'ios.json': { 'Time.At': '%2$@, %1$@' } });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['broken JSON', { 'android.json': '{' }, 'langs/de/android.json: is not JSON'],
    ['a list', { 'android.json': [] }, 'langs/de/android.json: must hold a JSON object'],
    ['no text', { 'android.json': { Cancel: 5 } }, 'langs/de/android.json: "Cancel" must be a text, or an object'],
    ['an empty text', { 'android.json': { Cancel: ' ' } }, 'langs/de/android.json: "Cancel" must not be empty'],
    ['a long text', { 'android.json': { Cancel: 'x'.repeat(4097) } }, '"Cancel" is longer than 4096 characters'],
    ['control characters', { 'android.json': { Cancel: 'x\u0007' } }, '"Cancel" has control characters'],
    ['half a character', { 'android.json': '{"Cancel":"\\ud800"}' }, '"Cancel" has control characters, or halves'],
    ['a strange key', { 'android.json': { 'Can cel': 'x' } }, '"Can cel" is not the name of a text'],
    ['a strange form', { 'android.json': { X: { other: 'x', some: 'y' } } }, '"X" has the form "some"'],
    ['no form "other"', { 'android.json': { X: { one: 'x' } } }, '"X" must have the form "other"'],
    ['an inherited form', { 'android.json': '{"X":{"__proto__":"x"}}' }, '"X" has the form "__proto__"'],
    ['forms of what does not count', { 'android.json': { Cancel: { other: 'x' } } }, '"Cancel" does not depend on a number'],
    ['no forms of what counts', { 'android.json': { Members: 'x' } }, '"Members" depends on a number'],
    ['a placeholder too many', { 'android.json': { Hi: '%1$s %2$s' } }, '"Hi" has placeholders that the English text has not: %1$s %2$s'],
    ['a placeholder of another kind', { 'android.json': { Hi: '%1$d' } }, '"Hi" has placeholders'],
    ['a placeholder in a form', { 'android.json': { Members: { other: '%2$d' } } }, '"Members" has placeholders'],
    ['a placeholder of iOS too many', { 'ios.json': { 'Common.OK': 'OK %@' } }, 'langs/de/ios.json: "Common.OK" has placeholders'],
    ['a strange name', { 'tdesktop.json': { lng_typing: '{name}' } }, '"lng_typing" has placeholders'],
    ['a key in two files', { 'android.json': { X: 'x' }, 'android.b.json': { X: 'y' } }, '"X" is also in another file of "android"'],
    ['a strange file', { 'my app.json': {} }, 'langs/de/my app.json: the name must begin with that of a pack'],
    ['no name', { 'language.json': { native_name: 'x' } }, 'langs/de/language.json: "name" must be a text'],
    ['a field too many', { 'language.json': { ...ABOUT, title: 'x' } }, 'langs/de/language.json: "title" is not known here'],
    ['a strange version', { 'language.json': { ...ABOUT, version: 1.5 } }, '"version" must be a whole number'],
    ['a strange direction', { 'language.json': { ...ABOUT, rtl: 'yes' } }, '"rtl" must be true or false'],
    ['a pack that is too large', { 'android.json': Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, 'x'.repeat(4000)])) }, 'langs/de: the pack "android" is larger than'],
    ['too many texts', { 'android.json': Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`k${n}`, 'x'])) }, 'langs/de: the pack "android" has more than 20000 texts'],
  ])('is refused with %s', (_, files, message) => {
    expect(() => parse(files)).toThrow(message);
  });

  it('is rejected if its folder name is not a language code or its description is missing', () => {
    for (const code of ['DE', 'german language', '..', 'd']) expect(() => parse({}, code), code).toThrow(`langs/${code}: the folder must be named by a language code`);
    expect(() => parseLanguage({ ...folder('de', {}), files: [] })).toThrow('langs/de: the file language.json is missing');
  });

  it('has a version that fits into an int, whatever the dates of its files', () => {
    expect(parseLanguage(folder('de', {}, 2 ** 40)).version + ENGLISH.version).toBeLessThan(2 ** 31);
  });
});

describe('languages', () => {
  const german = parseLanguage(folder('de', { 'android.json': { Cancel: 'Abbrechen', New: 'Neu' } }), ENGLISH);

  it('are English only if the operator has added none', () => {
    const languages = new Languages(ENGLISH);
    expect(languages.list('android').map((language) => language.project('android'))).toMatchObject([{ lang_code: 'en', strings_count: 4, translated_count: 4 }]);
    expect(languages.find('de')).toBeUndefined();
    expect(languages.english.version).toBe(4);
  });

  it('are offered to apps for which they have texts, with English for missing texts', () => {
    const languages = new Languages(ENGLISH, [german]);
    expect(languages.list('android').map(({ code }) => code)).toEqual(['en', 'de']);
    expect(languages.list('ios').map(({ code }) => code)).toEqual(['en']);
    const offered = languages.find('de')!;
    expect(offered.project('android')).toMatchObject({ name: 'German', native_name: 'Deutsch', lang_code: 'de', plural_code: 'de', strings_count: 5, translated_count: 2 });
    expect(offered.projectStrings('android')).toEqual(
      expect.arrayContaining([
        { _: 'langPackString', key: 'Cancel', value: 'Abbrechen' },
        { _: 'langPackString', key: 'New', value: 'Neu' },
        expect.objectContaining({ _: 'langPackStringPluralized', key: 'Members', one_value: '%1$d member', other_value: '%1$d members' }),
      ]),
    );
    expect(offered.projectStrings('ios').map(({ key }) => key)).toEqual(['Common.OK', 'Time.At']);
    expect(offered.findText('android', 'Members')).toBeUndefined();
  });

  it('get a higher version when their own texts or the English ones change', () => {
    expect(new Languages(ENGLISH, [german]).find('de')!.version).toBe(1004);
    expect(new Languages({ ...ENGLISH, version: 5 }, [german]).find('de')!.version).toBe(1005);
  });

  it('are found by more specific codes in any spelling', () => {
    const languages = new Languages(ENGLISH, [german]);
    for (const code of ['de', 'DE', 'de-AT', 'de_CH', 'de-raw']) expect(languages.find(code)?.code, code).toBe('de');
    for (const code of ['en', 'en-GB', 'EN_us']) expect(languages.find(code), code).toBe(languages.english);
    for (const code of ['den', 'd', '', '-', 'constructor']) expect(languages.find(code), code).toBeUndefined();
  });

  it('let an operator override single English texts', () => {
    const changed = parseLanguage(folder('en', { 'android.json': { Cancel: 'Stop' } }), ENGLISH);
    const { english } = new Languages(ENGLISH, [changed]);
    expect(english.findText('android', 'Cancel')).toBe('Stop');
    expect(english.findText('android', 'Hi')).toBe('Hi, %1$s');
    expect(english.version).toBe(1004);
    expect(english.isOfferedFor('weba')).toBe(true);
  });
});
