import type { tl } from '@aerogram/tl';

/** The plural categories of CLDR. Clients know from the plural code which of them a language uses. */
export const PLURAL_FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

/** A text that depends on a number; `other` is used for each missing form. */
export type PluralForms = { other: string } & Partial<Record<(typeof PLURAL_FORMS)[number], string>>;

/** A text of a language pack. The syntax of placeholders depends on the pack (see listPlaceholders). */
export type LangText = string | PluralForms;

/** The texts of one pack, by key. */
export type LangTexts = ReadonlyMap<string, LangText>;

/** A text as a TL object. Pure. */
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

/** Lists all strings of a text: the text itself, or its plural forms. */
export function listForms(text: LangText): string[] {
  return typeof text === 'string' ? [text] : Object.values(text);
}

/** Placeholder syntax of the app behind each pack. The patterns capture the position and kind, or the name. */
const PLACEHOLDERS: Readonly<Record<string, RegExp>> = {
  android: /%(?:(?<position>\d)\$)?(?<kind>[sd])/g,
  ios: /%(?:(?<position>\d)\$)?(?<kind>[@d])/g,
  macos: /%(?:(?<position>\d)\$)?(?<kind>[@d])/g,
  tdesktop: /\{(?<kind>\w+)\}/g,
};

/**
 * Lists the placeholders of a string in order of appearance, in a uniform notation: `1@` for both `%@` and `%1$@`, `user` for `{user}`.
 * @param pack the name of a pack; strings of unknown packs have no placeholders
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
