import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Actor, BotHttp } from '@aerogram/dev-env';
import { findFfmpeg } from '@aerogram/media';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawSample, readSample } from '../../packages/media/test/samples.ts';
import { type MadeBot, makeBot, operate, UNHURRIED_BOTS, write } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

interface SentDocument {
  document: { file_id: string };
}

type SentFile = Record<string, unknown>;

/** The longest file, in parts of half a MiB: longer than what bots may send elsewhere. */
const PARTS_MAX = 122;
const LONGEST = PARTS_MAX * 512 * 1024;

let scenario: Scenario;
let made: MadeBot;
let bot: BotHttp;
let person: Actor;
let chat_id: number;
beforeAll(async () => {
  scenario = await startScenario({ env: { ...UNHURRIED_BOTS, AEROGRAM_BOT_API_LOCAL: '1', AEROGRAM_UPLOAD_PARTS_MAX: String(PARTS_MAX) } });
  made = await makeBot(scenario, 'Local_bot');
  bot = new CheckedBot(scenario.server, made.token);
  person = await scenario.world.user('Person');
  await write(person, made, '/start');
  chat_id = person.id;
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const folders = (): Promise<string[]> => readdir(join(scenario.server.dataDir, 'bot-files')).catch(() => []);

/** Asks for the path of a file. */
const pathOf = async (file_id: string): Promise<string> => (await bot.call<{ file_path: string }>('getFile', { file_id })).file_path;

test('in local mode a bot sends a file as long as those of people, reads it from the disk of the server, and leaves no copy when it is deleted', async () => {
  const bytes = await promisify(randomBytes)(LONGEST);
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

/** Sound that is no voice message. It is drawn while no server waits for this process. */
const vorbis = (await findFfmpeg()).isThere ? drawSample('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'libvorbis', '-f', 'ogg') : undefined;

describe('files', () => {
  let sender: BotHttp;
  beforeAll(async () => {
    const other = await makeBot(scenario, 'Kinds_bot');
    sender = new CheckedBot(scenario.server, other.token);
    await write(person, other, '/start');
  });

  test('are what is in them, whatever the method calls them', async () => {
    const file = (bytes: Uint8Array | string, name: string): File => new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name);
    const [jpeg, png] = [await makePicture(640, 320), await makePicture(1000, 500, 'png')];
    const text = file('not a sound', 'one.txt');
    for (const [method, name] of [['sendVoice', 'voice'], ['sendAudio', 'audio'], ['sendVideo', 'video'], ['sendVideoNote', 'video_note']] as const) {
      expect(await sender.call<SentFile>(method, { chat_id, [name]: text })).toMatchObject({ document: { file_name: 'one.txt', mime_type: 'text/plain' } });
    }
    expect(await sender.call<SentFile>('sendVideo', { chat_id, video: file(jpeg, 'film.mp4') })).toMatchObject({ document: { file_name: 'film.mp4', mime_type: 'image/jpeg', thumbnail: { width: 320, height: 160 } } });
    expect(await sender.call<SentFile>('sendDocument', { chat_id, document: file(jpeg, 'a.jpg') })).toMatchObject({ document: { thumbnail: { width: 320, height: 160 } } });
    expect(await sender.call<SentFile>('sendVoice', { chat_id, voice: file(readSample('voice.ogg'), 'a.ogg') })).toMatchObject({ voice: { duration: 3, mime_type: 'audio/ogg' } });
    for (const [picture, name] of [[jpeg, 'a.jpg'], [png, 'a.png']] as const) {
      const { sticker } = await sender.call<SentFile>('sendSticker', { chat_id, sticker: file(picture, name), emoji: '🎈' });
      expect(sticker).toMatchObject({ width: 512, height: 256, is_animated: false, emoji: '🎈', thumbnail: { width: 128, height: 64 } });
      // Its file_id sends the same sticker again.
      expect(await sender.call<SentFile>('sendSticker', { chat_id, sticker: (sticker as { file_id: string }).file_id })).toMatchObject({ sticker });
    }
    const { photo } = await sender.call<SentFile>('sendPhoto', { chat_id, photo: file(await makePicture(2000, 1000), 'a.jpg') });
    expect((photo as { width: number }[]).at(-1)).toMatchObject({ width: 1280, height: 640 });
  });

  test.skipIf(vorbis === undefined)('are music if clients cannot play their sound as a voice message', async () => {
    expect(await sender.call<SentFile>('sendVoice', { chat_id, voice: new File([new Uint8Array(vorbis!)], 'tune.ogg') })).toMatchObject({ audio: { file_name: 'tune.ogg', duration: 1 } });
  });
});
