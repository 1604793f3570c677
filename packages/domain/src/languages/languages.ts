import { join } from 'node:path';

import type { tl } from '@aerogram/tl';

import { findAssets } from '../shared/index.ts';
import { type LangText, type LangTexts, projectLangText } from './lang-text.ts';
import type { Language } from './parse-language.ts';
import { readLanguages } from './read-languages.ts';

const NONE: LangTexts = new Map();

/** A language that users of the apps can choose. */
export class OfferedLanguage {
  readonly code: string;
  readonly version: number;
  readonly #language: Language;
  readonly #english: Language;
  readonly #strings = new Map<string, tl.LangPackString[]>();

  constructor(language: Language, english: Language) {
    this.code = language.code;
    // Missing texts are filled in from English, so the version must also rise when the English texts change.
    this.version = language === english ? english.version : language.version + english.version;
    this.#language = language;
    this.#english = english;
  }

  /** Whether the language is offered to apps with this pack. */
  isOfferedFor(pack: string): boolean {
    return this.code === this.#english.code || this.#own(pack).size > 0;
  }

  /** Finds a text of this language only, without falling back to English. */
  findText(pack: string, key: string): LangText | undefined {
    return this.#own(pack).get(key);
  }

  /** All strings of a pack, in English where the language lacks a text. */
  projectStrings(pack: string): tl.LangPackString[] {
    const made = this.#strings.get(pack);
    if (made) return made;
    const texts = new Map([...(this.#english.packs.get(pack) ?? NONE), ...this.#own(pack)]);
    const strings = Array.from(texts, ([key, text]) => projectLangText(key, text));
    // Clients may request packs of any name, so only existing packs are cached.
    if (texts.size > 0) this.#strings.set(pack, strings);
    return strings;
  }

  /** The language as it is listed to apps that use a pack (the texts of one kind of app). */
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

/** All languages: built-in English and those that the operator added. */
export class Languages {
  readonly english: OfferedLanguage;
  readonly #byCode: ReadonlyMap<string, OfferedLanguage>;

  /** @param custom the operator's languages; one with the code of English overrides built-in texts */
  constructor(english: Language, custom: readonly Language[] = []) {
    const changed = custom.find(({ code }) => code === english.code);
    const base = changed === undefined ? english : mergeLanguages(english, changed);
    this.english = new OfferedLanguage(base, base);
    const others = custom.filter((language) => language !== changed).map((language) => new OfferedLanguage(language, base));
    this.#byCode = new Map([this.english, ...others].map((language) => [language.code, language]));
  }

  /** Lists the languages available to the apps of a pack, English first. */
  list(pack: string): OfferedLanguage[] {
    return [...this.#byCode.values()].filter((language) => language.isOfferedFor(pack));
  }

  /** Finds the language with this code, or else with the longest matching prefix, such as `en` for `en_GB`. */
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
 * Loads the built-in texts and the operator's.
 * @param dir the setting AEROGRAM_LANG_DIR
 * @throws ConfigError that names the file, and the key if one is invalid
 */
export async function loadLanguages(dir: string | undefined): Promise<Languages> {
  const [english] = await readLanguages(join(findAssets(), 'languages'));
  if (english === undefined) throw new Error('the folder languages/en of the assets is missing');
  return new Languages(english, dir === undefined ? [] : await readLanguages(dir, english));
}
