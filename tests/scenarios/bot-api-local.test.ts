import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BotHttp } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeBot, makeBot, operate, write } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

interface SentDocument {
  document: { file_id: string };
}

/** The longest file, in parts of half a MiB: longer than what bots may send elsewhere. */
const PARTS_MAX = 122;
const LONGEST = PARTS_MAX * 512 * 1024;

let scenario: Scenario;
let made: MadeBot;
let bot: BotHttp;
let chat_id: number;
beforeAll(async () => {
  scenario = await startScenario({ env: { AEROGRAM_BOT_API_LOCAL: '1', AEROGRAM_UPLOAD_PARTS_MAX: String(PARTS_MAX) } });
  made = await makeBot(scenario, 'Local_bot');
  bot = new CheckedBot(scenario.server, made.token);
  const person = await scenario.world.user('Person');
  await write(person, made, '/start');
  chat_id = person.id;
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const folders = (): Promise<string[]> => readdir(join(scenario.server.dataDir, 'bot-files')).catch(() => []);

/** Asks for the path of a file. */
const pathOf = async (file_id: string): Promise<string> => (await bot.call<{ file_path: string }>('getFile', { file_id })).file_path;

test('in local mode a bot sends a file as long as those of people, reads it from the disk of the server, and leaves no copy when it is deleted', async () => {
  const bytes = randomBytes(LONGEST);
  const { document } = await bot.call<SentDocument>('sendDocument', { chat_id, document: new File([bytes], 'Long film.MKV') });
  expect(await bot.refusal('getMe', { document: new File([bytes, 'x'], 'longer.mkv') })).toBe('413 Request Entity Too Large');
  expect(await folders()).toEqual([]);
  const path = await pathOf(document.file_id);
  expect(path.startsWith(join(scenario.server.dataDir, 'bot-files', String(made.id), 'documents'))).toBe(true);
  expect(path.endsWith('.mkv')).toBe(true);
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
  expect(await pathOf(document.file_id)).toBe(path);

  // The path is one of the machine, and none of the HTTP port.
  for (const asked of [path, path.slice(1), encodeURIComponent(path)]) expect((await fetch(bot.fileUrl(asked))).status).toBe(404);
  // Neither does a bot send a file of the machine, its own copies among them.
  for (const file of [path, `file://${path}`, '/etc/hostname']) expect(await bot.refusal('sendDocument', { chat_id, document: file })).toMatch(/^400 Bad Request: (?:wrong file identifier|invalid file HTTP URL)/);

  await operate(scenario, 'bot', 'delete', '@Local_bot');
  await expect.poll(folders).toEqual([]);
});
