import type { tl } from '@aerogram/tl';

import { ANDROID } from './packs/android.ts';
import { IOS } from './packs/ios.ts';
import { MACOS } from './packs/macos.ts';
import { TDESKTOP } from './packs/tdesktop.ts';
import type { Text, Texts } from './packs/texts.ts';

/** Texts by pack. A client whose pack is not here brings all of its texts along, as the newer web clients do. */
const PACKS: Readonly<Record<string, Texts>> = { android: ANDROID, ios: IOS, macos: MACOS, tdesktop: TDESKTOP };

const NONE: Texts = {};

/** The English texts of a pack, by key. */
export function textsOf(pack: string): Texts {
  return Object.hasOwn(PACKS, pack) ? (PACKS[pack] ?? NONE) : NONE;
}

/** A text as clients get it. English has two forms by number. Pure. */
export function projectText(key: string, text: Text): tl.LangPackString {
  return typeof text === 'string'
    ? { _: 'langPackString', key, value: text }
    : { _: 'langPackStringPluralized', key, one_value: text.one, other_value: text.other };
}

/** All texts of a pack. Pure. */
export function projectTexts(pack: string): tl.LangPackString[] {
  return Object.entries(textsOf(pack)).map(([key, text]) => projectText(key, text));
}

/** The language as it is offered for a pack. Pure. */
export function projectEnglish(pack: string): tl.langPackLanguage {
  const count = Object.keys(textsOf(pack)).length;
  return {
    _: 'langPackLanguage',
    official: true,
    name: 'English',
    native_name: 'English',
    lang_code: 'en',
    plural_code: 'en',
    strings_count: count,
    translated_count: count,
    translations_url: '',
  };
}
