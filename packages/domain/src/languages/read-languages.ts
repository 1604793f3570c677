import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '@aerogram/runtime';

import { type Language, type LanguageFile, type LanguageFolder, parseLanguage } from './parse-language.ts';

const MAX_LANGUAGES = 100;
const MAX_FILES = 200;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_FOLDER_BYTES = 16 * 1024 * 1024;

/**
 * Reads a directory with one folder per language (docs/languages.md).
 * @param english the built-in texts to compare with
 * @returns the languages in the order of their folders' names
 * @throws ConfigError that names the file, and the key if one is invalid
 */
export async function readLanguages(dir: string, english?: Language): Promise<Language[]> {
  const languages: Language[] = [];
  for (const { name, path, stats } of await list(dir)) {
    if (stats.isFile() && name.endsWith('.json')) throw new ConfigError(`${path}: texts must be in the folder of their language, such as ${join(dir, 'de', name)}`);
    if (!stats.isDirectory()) continue;
    if (languages.length === MAX_LANGUAGES) throw new ConfigError(`${dir}: has more than ${MAX_LANGUAGES} languages`);
    languages.push(parseLanguage(await readFolder(name, path), english));
  }
  return languages;
}

async function readFolder(code: string, folder: string): Promise<LanguageFolder> {
  const found = (await list(folder)).filter(({ name, stats }) => stats.isFile() && name.endsWith('.json'));
  if (found.length > MAX_FILES) throw new ConfigError(`${folder}: has more than ${MAX_FILES} files`);
  const files: LanguageFile[] = [];
  let bytes = 0;
  let modifiedDate = 1;
  for (const { name, path, stats } of found) {
    if (stats.size > MAX_FILE_BYTES) throw new ConfigError(`${path}: is larger than ${MAX_FILE_BYTES} bytes`);
    bytes += stats.size;
    if (bytes > MAX_FOLDER_BYTES) throw new ConfigError(`${folder}: is larger than ${MAX_FOLDER_BYTES} bytes`);
    modifiedDate = Math.max(modifiedDate, Math.floor(stats.mtimeMs / 1000));
    files.push({ path, name, json: await readText(path) });
  }
  return { path: folder, code, files, modifiedDate };
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(`${path}: is not UTF-8`);
  }
}

/**
 * Lists the entries of a directory by name, without hidden files. Symbolic links are followed, because containers mount configuration
 * through them.
 */
async function list(dir: string): Promise<{ name: string; path: string; stats: Stats }[]> {
  try {
    const names = (await readdir(dir)).filter((name) => !name.startsWith('.'));
    return await Promise.all(names.toSorted().map(async (name) => ({ name, path: join(dir, name), stats: await stat(join(dir, name)) })));
  } catch (error) {
    throw new ConfigError(`AEROGRAM_LANG_DIR: ${dir} cannot be read: ${(error as Error).message}`);
  }
}
