import { ConfigError } from '@aerogram/runtime';

import { type LangText, type LangTexts, listForms, listPlaceholders, PLURAL_FORMS, type PluralForms } from './lang-text.ts';

/** A JSON file of a language. */
export interface LanguageFile {
  /** Used in error messages. */
  path: string;
  /** `language.json`, `<pack>.json` or `<pack>.<any part>.json`. */
  name: string;
  json: string;
}

/** A language with its texts, read from one folder. */
export interface Language {
  /** In lower case with hyphens, such as `pt-br`. */
  code: string;
  /** The language's name in English. */
  name: string;
  /** The language's name in the language itself. */
  nativeName: string;
  /** Code of the language whose plural rules apply. */
  pluralCode: string;
  /** Whether the language is written from right to left. */
  rtl: boolean;
  /** When the version changes, clients fetch all texts again. */
  version: number;
  /** By pack, then by key. */
  packs: ReadonlyMap<string, LangTexts>;
}

/** The folder of a language, before its texts are checked. */
export interface LanguageFolder {
  path: string;
  /** The name of the folder. */
  code: string;
  files: readonly LanguageFile[];
  /** Latest modification time of its files, in unix seconds. */
  modifiedDate: number;
}

const ABOUT = 'language.json';
const MAX_NAME_LENGTH = 64;
const MAX_TEXT_LENGTH = 4096;
const MAX_KEYS = 20_000;
/** Maximum UTF-8 size of the keys and texts of one pack, because they are sent in one answer. */
const MAX_PACK_BYTES = 2 * 1024 * 1024;
/** Leaves room in a TL int for the built-in texts' version, which is added to it. */
const MAX_VERSION = 2_147_000_000;

/**
 * Parses a language from its files. Pure.
 * @param english the built-in texts, which determine the placeholders and plural forms of each text; undefined when parsing the built-in
 * texts
 * @throws ConfigError that names the file and the key
 */
export function parseLanguage({ path, code, files, modifiedDate }: LanguageFolder, english?: Language): Language {
  if (!/^[a-z]{2,8}(?:-[a-z\d]{2,8}){0,3}$/.test(code)) throw new ConfigError(`${path}: the folder must be named by a language code in lower case, such as "de" or "pt-br"`);
  const about = files.find(({ name }) => name === ABOUT);
  if (about === undefined) throw new ConfigError(`${path}: the file ${ABOUT} is missing`);
  const packs = new Map<string, Map<string, LangText>>();
  for (const file of files) {
    if (file === about) continue;
    const pack = file.name.slice(0, file.name.indexOf('.'));
    if (!/^[\w-]{1,64}$/.test(pack)) throw new ConfigError(`${file.path}: the name must begin with that of a pack, such as "android"`);
    const texts = packs.get(pack) ?? new Map<string, LangText>();
    packs.set(pack, texts);
    addTexts(texts, pack, file, english?.packs.get(pack));
  }
  for (const [pack, texts] of packs) checkSize(`${path}: the pack "${pack}"`, texts);
  return { code, ...parseAbout(about, code, modifiedDate), packs };
}

function parseAbout(file: LanguageFile, code: string, modifiedDate: number): Omit<Language, 'code' | 'packs'> {
  const { name, native_name, plural_code = code.split('-', 1)[0], rtl = false, version = Math.min(modifiedDate, MAX_VERSION), ...rest } = parseObject(file);
  const fail = (key: string, problem: string): never => {
    throw new ConfigError(`${file.path}: "${key}" ${problem}`);
  };
  const word = (key: string, value: unknown): string =>
    typeof value === 'string' && value.trim() !== '' && value.length <= MAX_NAME_LENGTH && isClean(value)
      ? value
      : fail(key, `must be a text of 1 to ${MAX_NAME_LENGTH} characters`);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) fail(unknown, 'is not known here');
  if (typeof rtl !== 'boolean') fail('rtl', 'must be true or false');
  if (!Number.isInteger(version) || Number(version) < 1 || Number(version) > MAX_VERSION) fail('version', `must be a whole number from 1 to ${MAX_VERSION}`);
  return {
    name: word('name', name),
    nativeName: word('native_name', native_name),
    pluralCode: word('plural_code', plural_code),
    rtl: rtl === true,
    version: Number(version),
  };
}

function parseObject({ path, json }: LanguageFile): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ConfigError(`${path}: is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigError(`${path}: must hold a JSON object`);
  return value as Record<string, unknown>;
}

function addTexts(texts: Map<string, LangText>, pack: string, file: LanguageFile, english: LangTexts | undefined): void {
  for (const [key, value] of Object.entries(parseObject(file))) {
    const problem = (/^[\w.-]{1,128}$/.test(key) ? undefined : 'is not the name of a text') ??
      (texts.has(key) ? `is also in another file of "${pack}"` : undefined) ??
      findProblem(value) ??
      findDifference(pack, value as LangText, english?.get(key));
    if (problem !== undefined) throw new ConfigError(`${file.path}: "${key}" ${problem}`);
    texts.set(key, typeof value === 'string' ? value : { ...(value as PluralForms) });
  }
}

/** Describes a text's own error; undefined if there is none. */
function findProblem(value: unknown): string | undefined {
  if (typeof value === 'string') return findStringProblem(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a text, or an object with its plural forms';
  for (const [form, text] of Object.entries(value)) {
    if (!PLURAL_FORMS.includes(form as (typeof PLURAL_FORMS)[number])) return `has the form "${form}", which is none of ${PLURAL_FORMS.join(', ')}`;
    if (typeof text !== 'string') return `must have a text as "${form}"`;
    const problem = findStringProblem(text);
    if (problem !== undefined) return `${problem} (form "${form}")`;
  }
  return 'other' in value ? undefined : 'must have the form "other"';
}

function findStringProblem(text: string): string | undefined {
  if (text.trim() === '') return 'must not be empty';
  if (text.length > MAX_TEXT_LENGTH) return `is longer than ${MAX_TEXT_LENGTH} characters`;
  return isClean(text) ? undefined : 'has control characters, or halves of characters';
}

function isClean(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text.replaceAll('\n', ''));
}

/**
 * Describes a difference from the English text that would break apps, which insert values and choose the plural form. Undefined if there is
 * none.
 */
function findDifference(pack: string, text: LangText, english: LangText | undefined): string | undefined {
  if (english === undefined) return undefined;
  if (typeof english === 'string' && typeof text !== 'string') return 'does not depend on a number: it must be a text';
  if (typeof english !== 'string' && typeof text === 'string') return 'depends on a number: it must be an object with plural forms, at least "other"';
  const known = new Set(listForms(english).flatMap((form) => listPlaceholders(pack, form)));
  for (const form of listForms(text)) {
    const placeholders = listPlaceholders(pack, form);
    if (placeholders.some((placeholder) => !known.has(placeholder))) return `has placeholders that the English text has not: ${form}`;
  }
  return undefined;
}

function checkSize(what: string, texts: LangTexts): void {
  if (texts.size > MAX_KEYS) throw new ConfigError(`${what} has more than ${MAX_KEYS} texts`);
  let bytes = 0;
  for (const [key, text] of texts) bytes += key.length + listForms(text).reduce((sum, form) => sum + Buffer.byteLength(form), 0);
  if (bytes > MAX_PACK_BYTES) throw new ConfigError(`${what} is larger than ${MAX_PACK_BYTES} bytes`);
}
