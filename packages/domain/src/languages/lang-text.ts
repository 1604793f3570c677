import type { tl } from '@aerogram/tl';

/** The plural categories of CLDR. Which of them a language uses is known to clients, by its plural code. */
export const PLURAL_FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

/** A text that depends on a number; `other` stands in for each form that is missing. */
export type PluralForms = { other: string } & Partial<Record<(typeof PLURAL_FORMS)[number], string>>;

/** A text of a language pack. How placeholders are written depends on the pack (see listPlaceholders). */
export type LangText = string | PluralForms;

/** The texts of one pack, by key. */
export type LangTexts = ReadonlyMap<string, LangText>;

/** The text as clients get it. Pure. */
export function projectLangText(key: string, text: LangText): tl.LangPackString {
  if (typeof text === 'string') return { _: 'langPackString', key, value: text };
  return {
    _: 'langPackStringPluralized',
    key,
    zero_value: text.zero,
    one_value: text.one,
    two_value: text.two,
    few_value: text.few,
    many_value: text.many,
    other_value: text.other,
  };
}

/** Every string of a text: itself, or its forms by number. */
export function listForms(text: LangText): string[] {
  return typeof text === 'string' ? [text] : Object.values(text);
}

/** How the app behind each pack writes placeholders. The number of a position and the kind are captured, or the name. */
const PLACEHOLDERS: Readonly<Record<string, RegExp>> = {
  android: /%(?:(?<position>\d)\$)?(?<kind>[sd])/g,
  ios: /%(?:(?<position>\d)\$)?(?<kind>[@d])/g,
  macos: /%(?:(?<position>\d)\$)?(?<kind>[@d])/g,
  tdesktop: /\{(?<kind>\w+)\}/g,
};

/**
 * The placeholders of a string in the order in which they appear, in one spelling: `1@` for `%@` and for `%1$@`, `user` for `{user}`.
 * @param pack the name of a pack; strings of unknown packs have none
 */
export function listPlaceholders(pack: string, text: string): string[] {
  const pattern = Object.hasOwn(PLACEHOLDERS, pack) ? PLACEHOLDERS[pack] : undefined;
  if (pattern === undefined) return [];
  const isNamed = pack === 'tdesktop';
  return Array.from(text.matchAll(pattern), ({ groups }, at) => {
    const { position = String(at + 1), kind = '' } = groups ?? {};
    return isNamed ? kind : `${position}${kind}`;
  });
}
