import { describe, expect, test } from 'vitest';
import { en } from '../src/texts/en/index.ts';

declare global {
  interface ImportMeta {
    /** Loads files when the test is built. @see https://vite.dev/guide/features#glob-import */
    glob<Loaded>(patterns: string[], options: { eager: true; query?: '?raw'; import?: 'default' }): Record<string, Loaded>;
  }
}

/** The tables of all languages, by their files. */
const TABLES = import.meta.glob<Record<string, Record<string, unknown>>>(['../src/texts/*/*.ts', '!../src/texts/*/index.ts'], { eager: true });
/** The sources of the page, and those of the protocol, some of whose values are keys. */
const SOURCES = import.meta.glob<string>(['../src/page/**/*.{ts,tsx}', '../src/protocol/**/*.ts'], { eager: true, query: '?raw', import: 'default' });

/** The keys of a language, as often as they stand in its files. */
function listKeys(language: string): string[] {
  const files = Object.entries(TABLES).filter(([file]) => file.startsWith(`../src/texts/${language}/`));
  return files.flatMap(([, tables]) => Object.values(tables)).flatMap((table) => Object.keys(table));
}

describe('texts', () => {
  const languages = [...new Set(Object.keys(TABLES).map((file) => file.split('/')[3]!))];

  test('each is shown somewhere', () => {
    const words = new Set(Object.values(SOURCES).flatMap((source) => [...source.matchAll(/(['"])(\w+)\1/g)].map((match) => match[2])));
    expect(Object.keys(en).filter((key) => !words.has(key))).toEqual([]);
  });

  test.each(languages)('no two files of the language %s have the same key', (language) => {
    const keys = listKeys(language);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test.each(languages)('the language %s has the keys of English, and no others', (language) => {
    expect([...new Set(listKeys(language))].sort()).toEqual(Object.keys(en).sort());
  });
});
