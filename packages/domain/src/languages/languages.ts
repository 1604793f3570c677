import { join } from 'node:path';

import type { tl } from '@aerogram/tl';

import { findAssets } from '../shared/index.ts';
import { type LangText, type LangTexts, projectLangText } from './lang-text.ts';
import type { Language } from './parse-language.ts';
import { readLanguages } from './read-languages.ts';

const NONE: LangTexts = new Map();

/** A language that apps may choose. */
export class OfferedLanguage {
  readonly code: string;
  readonly version: number;
  readonly #language: Language;
  readonly #english: Language;
  readonly #strings = new Map<string, tl.LangPackString[]>();

  constructor(language: Language, english: Language) {
    this.code = language.code;
    // A pack holds English texts where it has none of its own, so it is also new when those are.
    this.version = language === english ? english.version : language.version + english.version;
    this.#language = language;
    this.#english = english;
  }

  /** Whether apps with this pack are told of the language. */
  isOfferedFor(pack: string): boolean {
    return this.code === this.#english.code || this.#own(pack).size > 0;
  }

  /** A text in this language alone. */
  findText(pack: string, key: string): LangText | undefined {
    return this.#own(pack).get(key);
  }

  /** The whole pack, in English where the language has no text. */
  projectStrings(pack: string): tl.LangPackString[] {
    const made = this.#strings.get(pack);
    if (made) return made;
    const texts = new Map([...(this.#english.packs.get(pack) ?? NONE), ...this.#own(pack)]);
    const strings = Array.from(texts, ([key, text]) => projectLangText(key, text));
    // Clients may ask for packs of any name; only those that exist are kept.
    if (texts.size > 0) this.#strings.set(pack, strings);
    return strings;
  }

  /** The language as the apps of a pack list it. */
  project(pack: string): tl.langPackLanguage {
    const { code, name, nativeName, pluralCode, rtl } = this.#language;
    return {
      _: 'langPackLanguage',
      official: true,
      rtl,
      name,
      native_name: nativeName,
      lang_code: code,
      plural_code: pluralCode,
      strings_count: this.projectStrings(pack).length,
      translated_count: this.#own(pack).size,
      translations_url: '',
    };
  }

  #own(pack: string): LangTexts {
    return this.#language.packs.get(pack) ?? NONE;
  }
}

/** The languages of the apps: English, which comes with the server, and those that the operator added. */
export class Languages {
  readonly english: OfferedLanguage;
  readonly #byCode: ReadonlyMap<string, OfferedLanguage>;

  /** @param custom the operator's languages; one with the code of English changes the built-in texts */
  constructor(english: Language, custom: readonly Language[] = []) {
    const changed = custom.find(({ code }) => code === english.code);
    const base = changed === undefined ? english : mergeLanguages(english, changed);
    this.english = new OfferedLanguage(base, base);
    const others = custom.filter((language) => language !== changed).map((language) => new OfferedLanguage(language, base));
    this.#byCode = new Map([this.english, ...others].map((language) => [language.code, language]));
  }

  /** The languages that the apps of a pack may choose, English first. */
  list(pack: string): OfferedLanguage[] {
    return [...this.#byCode.values()].filter((language) => language.isOfferedFor(pack));
  }

  /** The language with this code; without it that of a shorter code, such as `en` for `en_GB`. */
  find(code: string): OfferedLanguage | undefined {
    const parts = code.toLowerCase().split(/[-_]/);
    for (let length = parts.length; length > 0; length--) {
      const found = this.#byCode.get(parts.slice(0, length).join('-'));
      if (found) return found;
    }
    return undefined;
  }
}

function mergeLanguages(english: Language, changed: Language): Language {
  const packs = new Map(english.packs);
  for (const [pack, texts] of changed.packs) packs.set(pack, new Map([...(packs.get(pack) ?? NONE), ...texts]));
  return { ...changed, version: english.version + changed.version, packs };
}

/**
 * Reads the built-in texts and the operator's.
 * @param dir the setting AEROGRAM_LANG_DIR
 * @throws ConfigError that names the file, and the key where one is at fault
 */
export async function loadLanguages(dir: string | undefined): Promise<Languages> {
  const [english] = await readLanguages(join(findAssets(), 'languages'));
  if (english === undefined) throw new Error('the folder languages/en of the assets is missing');
  return new Languages(english, dir === undefined ? [] : await readLanguages(dir, english));
}
