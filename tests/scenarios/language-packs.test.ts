import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot, startTestServer } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENTS, LayerClient } from './client-boot/layer-client.ts';
import { startScenario, type Scenario } from './scenario.ts';

const EXAMPLE = join(findRepositoryRoot(), 'examples/languages');
const OLD_LAYER = 144;
const NEW_LAYER = 229;
const ENGLISH_FORMS = { _: 'langPackStringPluralized', key: 'lng_seconds', one_value: '{count} second', other_value: '{count} seconds' };

interface Pack {
  version: number;
  from_version: number;
  strings: { key: string; value?: string }[];
}

let dir: string;
let scenario: Scenario;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aerogram-languages-'));
  await cp(EXAMPLE, dir, { recursive: true });
  scenario = await startScenario({ env: { AEROGRAM_LANG_DIR: dir } });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

async function call<T>(client: LayerClient, method: string, args: object = {}, wrapper?: object): Promise<T> {
  const answer = await client.call(method, args, wrapper);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.value as T;
}

test.each([OLD_LAYER, NEW_LAYER])('an app of layer %i finds a language of the operator', async (layer) => {
  await using client = await LayerClient.open(scenario.server.info, 'tdesktop', layer);
  const german = { lang_pack: 'tdesktop', lang_code: 'de' };

  const [english, offered, ...others] = await call<object[]>(client, 'langpack.getLanguages', { lang_pack: 'tdesktop' });
  expect([english, offered, others]).toMatchObject([{ lang_code: 'en' }, { lang_code: 'de', name: 'German', native_name: 'Deutsch', plural_code: 'de', translated_count: 6 }, []]);
  // An old app may omit the pack in the request: the one of initConnection is used.
  expect(await call(client, 'langpack.getLanguage', { ...german, lang_pack: '' })).toEqual(offered);
  expect(await call(client, 'langpack.getLanguages', { lang_pack: 'macos' })).toMatchObject([{ lang_code: 'en' }]);
  expect(await client.call('langpack.getLanguage', { lang_pack: 'macos', lang_code: 'de' })).toEqual({ refused: 'LANG_CODE_NOT_SUPPORTED' });

  const { version, strings } = await call<Pack>(client, 'langpack.getLangPack', german);
  expect(strings).toHaveLength((offered as { strings_count: number }).strings_count);
  expect(strings.find(({ key }) => key === 'lng_cancel')).toMatchObject({ value: 'Abbrechen' });
  expect(strings.find(({ key }) => key === 'lng_seconds')).toMatchObject(ENGLISH_FORMS);
  // A web client also shows texts of packs that are not translated.
  const macos = await call<Pack>(client, 'langpack.getLangPack', { ...german, lang_pack: 'macos' });
  expect(macos.strings.find(({ key }) => key === 'Modal.OK')).toMatchObject({ value: 'OK' });

  expect(await call(client, 'langpack.getStrings', { ...german, keys: ['lng_chat_status_members', 'lng_seconds', 'lng_cancel', 'lng_cancel'] })).toMatchObject([
    { key: 'lng_chat_status_members', one_value: '{count} Mitglied', other_value: '{count} Mitglieder' },
    { key: 'lng_cancel', value: 'Abbrechen' },
  ]);
  expect(await call(client, 'langpack.getDifference', { ...german, from_version: version })).toMatchObject({ lang_code: 'de', from_version: version, version, strings: [] });
  const difference = await call<Pack>(client, 'langpack.getDifference', { ...german, from_version: version - 1 });
  expect(difference).toMatchObject({ lang_code: 'de', from_version: version - 1, version });
  expect(difference.strings).toEqual(strings);
});

test('an app in another language gets a suggestion, and is told when its texts change', async () => {
  const readConfig = async (languages: object): Promise<Record<string, unknown>> => {
    await using client = await LayerClient.open(scenario.server.info, 'tdesktop', NEW_LAYER);
    // The first calls contain the app's own initConnection.
    for (let n = 0; n < 3; n++) await call(client, 'help.getNearestDc');
    return await call(client, 'help.getConfig', {}, { _: 'initConnection', ...CLIENTS.tdesktop.connection, ...languages });
  };
  const english = await readConfig({ lang_code: 'en', system_lang_code: 'fr-FR' });
  expect(english).toMatchObject({ suggested_lang_code: 'en', lang_pack_version: english.base_lang_pack_version });
  expect(await readConfig({ lang_code: 'en', system_lang_code: 'de-AT' })).toMatchObject({ suggested_lang_code: 'de', lang_pack_version: english.lang_pack_version });
  // There are no German texts for this app.
  expect(await readConfig({ lang_code: 'en', system_lang_code: 'de-AT', lang_pack: 'macos' })).toMatchObject({ suggested_lang_code: 'en' });

  const german = { lang_pack: 'tdesktop', lang_code: 'de' };
  await using before = await LayerClient.open(scenario.server.info, 'tdesktop', NEW_LAYER);
  const { version } = await call<Pack>(before, 'langpack.getLangPack', german);
  expect(await readConfig({ lang_code: 'de-raw' })).toMatchObject({ lang_pack_version: version });

  const about = JSON.parse(await readFile(join(dir, 'de/language.json'), 'utf8')) as object;
  await writeFile(join(dir, 'de/language.json'), JSON.stringify({ ...about, version: version + 100 }));
  await writeFile(join(dir, 'de/tdesktop.json'), JSON.stringify({ lng_cancel: 'Doch nicht' }));
  await scenario.server.restart();
  expect(await readConfig({ lang_code: 'de' })).toMatchObject({ lang_pack_version: version + 100 + Number(english.lang_pack_version) });
  await using after = await LayerClient.open(scenario.server.info, 'tdesktop', NEW_LAYER);
  const { strings } = await call<Pack>(after, 'langpack.getDifference', { ...german, from_version: version });
  expect(strings.find(({ key }) => key === 'lng_cancel')).toMatchObject({ value: 'Doch nicht' });
});

test.each(['1', '2'])('a server of %s workers does not start with invalid texts, and says where they are', async (AEROGRAM_WORKERS) => {
  const broken = await mkdtemp(join(tmpdir(), 'aerogram-languages-'));
  try {
    await cp(EXAMPLE, broken, { recursive: true });
    const start = (langDir: string): Promise<unknown> => startTestServer({ env: { AEROGRAM_LANG_DIR: langDir, AEROGRAM_WORKERS } });
    await expect(start(join(broken, 'none'))).rejects.toThrow(`AEROGRAM_LANG_DIR: ${join(broken, 'none')} cannot be read`);
    await writeFile(join(broken, 'de/android.json'), '{"IsTyping":"%2$s schreibt"}');
    await expect(start(broken)).rejects.toThrow(`${join(broken, 'de/android.json')}: "IsTyping" has placeholders that the English text has not`);
    await writeFile(join(broken, 'de/android.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    await expect(start(broken)).rejects.toThrow(`${join(broken, 'de/android.json')}: is not UTF-8`);
    await writeFile(join(broken, 'fr.json'), '{}');
    await rm(join(broken, 'de'), { recursive: true });
    await expect(start(broken)).rejects.toThrow(`${join(broken, 'fr.json')}: texts must be in the folder of their language`);
  } finally {
    await rm(broken, { recursive: true, force: true });
  }
});
