import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { en } from '../../../apps/web/src/texts/en/index.ts';

const SOURCES = new URL('../../../apps/web/src/', import.meta.url);
const LANGUAGES = readdirSync(new URL('texts/', SOURCES));

/** The keys of a language, as often as they stand in its files. */
async function listKeys(language: string): Promise<string[]> {
  const files = readdirSync(new URL(`texts/${language}/`, SOURCES)).filter((file) => file !== 'index.ts');
  const modules = await Promise.all(files.map(async (file) => (await import(new URL(`texts/${language}/${file}`, SOURCES).href)) as Record<string, object>));
  return modules.flatMap((tables) => Object.values(tables)).flatMap((table) => Object.keys(table));
}

/** All words that stand in quotes in the sources of the page, and in the protocol, some of whose values are keys. */
function listQuotedWords(): Set<string> {
  const files = ['page/', 'protocol/'].flatMap((folder) => readdirSync(new URL(folder, SOURCES), { recursive: true, encoding: 'utf8' }).map((file) => folder + file));
  const sources = files.filter((file) => /\.tsx?$/.test(file)).map((file) => readFileSync(new URL(file, SOURCES), 'utf8'));
  return new Set(sources.flatMap((source) => [...source.matchAll(/(['"])(\w+)\1/g)].map((match) => match[2]!)));
}

describe('texts of the web client', () => {
  test('each is shown somewhere', () => {
    const words = listQuotedWords();
    expect(Object.keys(en).filter((key) => !words.has(key))).toEqual([]);
  });

  test.each(LANGUAGES)('no two files of the language %s have the same key', async (language) => {
    const keys = await listKeys(language);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test.each(LANGUAGES)('the language %s has the keys of English, and no others', async (language) => {
    expect([...new Set(await listKeys(language))].sort()).toEqual(Object.keys(en).sort());
  });
});
