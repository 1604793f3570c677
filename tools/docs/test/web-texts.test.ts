import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { callsTexts } from '../../../apps/web/src/texts/en/calls.ts';
import { devicesTexts } from '../../../apps/web/src/texts/en/devices.ts';
import { findingTexts } from '../../../apps/web/src/texts/en/finding.ts';
import { foldersTexts } from '../../../apps/web/src/texts/en/folders.ts';
import { en } from '../../../apps/web/src/texts/en/index.ts';
import { manageTexts } from '../../../apps/web/src/texts/en/manage.ts';
import { panelTexts } from '../../../apps/web/src/texts/en/panel.ts';
import { privacyTexts } from '../../../apps/web/src/texts/en/privacy.ts';
import { statusesTexts } from '../../../apps/web/src/texts/en/statuses.ts';
import { stickersTexts } from '../../../apps/web/src/texts/en/stickers.ts';
import { viewerTexts } from '../../../apps/web/src/texts/en/viewer.ts';

const SOURCES = new URL('../../../apps/web/src/', import.meta.url);
const LANGUAGES = readdirSync(new URL('texts/', SOURCES));

/** The keys of a language, as often as they stand in its files. */
async function listKeys(language: string): Promise<string[]> {
  const files = readdirSync(new URL(`texts/${language}/`, SOURCES)).filter((file) => file !== 'index.ts');
  const modules = await Promise.all(files.map(async (file) => (await import(new URL(`texts/${language}/${file}`, SOURCES).href)) as Record<string, object>));
  return modules.flatMap((tables) => Object.values(tables)).flatMap((table) => Object.keys(table));
}

/** Texts that come with the folder of the page that shows them. */
const LATER = [
  { texts: callsTexts, folder: 'page/calls/' },
  { texts: devicesTexts, folder: 'page/devices/' },
  { texts: findingTexts, folder: 'page/search/' },
  { texts: foldersTexts, folder: 'page/folders/' },
  { texts: manageTexts, folder: 'page/manage/' },
  { texts: panelTexts, folder: 'page/emoji/' },
  { texts: privacyTexts, folder: 'page/privacy/' },
  { texts: statusesTexts, folder: 'page/statuses/' },
  { texts: stickersTexts, folder: 'page/stickers/' },
  { texts: viewerTexts, folder: 'page/media/' },
];

const ALL_KEYS = Object.keys({ ...en, ...Object.assign({}, ...LATER.map(({ texts }) => texts)) });

/** All words that stand in quotes in sources: in those of the page, and in the protocol, some of whose values are keys. */
function listQuotedWords(folders: string[] = ['page/', 'protocol/']): Set<string> {
  const files = folders.flatMap((folder) => readdirSync(new URL(folder, SOURCES), { recursive: true, encoding: 'utf8' }).map((file) => folder + file));
  const sources = files.filter((file) => /\.tsx?$/.test(file)).map((file) => readFileSync(new URL(file, SOURCES), 'utf8'));
  return new Set(sources.flatMap((source) => [...source.matchAll(/(['"])(\w+)\1/g)].map((match) => match[2]!)));
}

describe('texts of the web client', () => {
  test('each is shown somewhere', () => {
    const words = listQuotedWords();
    expect(ALL_KEYS.filter((key) => !words.has(key))).toEqual([]);
  });

  test.each(LATER)('those that come with $folder are shown there alone', ({ texts, folder }) => {
    const words = listQuotedWords(readdirSync(new URL('page/', SOURCES)).map((name) => `page/${name}/`).filter((each) => each !== folder));
    expect(Object.keys(texts).filter((key) => words.has(key))).toEqual([]);
  });

  test.each(LANGUAGES)('no two files of the language %s have the same key', async (language) => {
    const keys = await listKeys(language);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test.each(LANGUAGES)('the language %s has the keys of English, and no others', async (language) => {
    expect([...new Set(await listKeys(language))].sort()).toEqual(ALL_KEYS.sort());
  });
});
