import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Device, World } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { type Long, tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dhValue, newChatId, secretDifference, type Side } from './secret-stage.ts';

/** Rounds of `kill -9`; more by `AEROGRAM_SECRET_KILLS=100`. */
const ROUNDS = Number(process.env['AEROGRAM_SECRET_KILLS'] ?? 4);
const MESSAGES = 12;
const LONGEST_MS = 40;

let database: TestDatabase;
let server: ServerProcess;
let world: World;
beforeAll(async () => {
  database = await testDatabase();
  server = await startServerProcess({ databaseUrl: database.url });
  world = new World(server);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** Makes a call until it is answered, as clients do that lost an answer. An error of the call itself is an answer. */
async function until<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const isRefused = error instanceof tl.RpcError && error.code !== 500 && error.code !== -503;
      if (isRefused || tries > 300) throw error;
      await delay(20);
    }
  }
}

/** Uploads a file in one part and sends it; a client whose upload is gone uploads it again. */
async function sendFile({ device, input }: Side, randomId: Long): Promise<void> {
  const bytes = randomBytes(2000);
  const id = randomLong();
  const upload = (): Promise<boolean> => until(() => device.call({ _: 'upload.saveFilePart', fileId: id, filePart: 0, bytes }));
  await upload();
  for (;;) {
    try {
      await until(() => device.call({ _: 'messages.sendEncryptedFile', peer: input, randomId, data: Buffer.from('file'), file: { _: 'inputEncryptedFileUploaded', id, parts: 1, md5Checksum: '', keyFingerprint: 1 } }));
      return;
    } catch (error) {
      if (!(error instanceof tl.RpcError) || !error.text.startsWith('FILE_PART')) throw error;
      await upload();
    }
  }
}

/** Begins a chat, each of whose calls is repeated until it is answered. */
async function openThroughKills(from: Device, to: Device, userId: tl.RawInputUser): Promise<Side> {
  const [id, gA, gB, fingerprint] = [newChatId(), dhValue(), dhValue(), randomLong()];
  const waiting = (await until(() => from.call({ _: 'messages.requestEncryption', userId, randomId: id, gA }))) as tl.RawEncryptedChatWaiting;
  const state = { pts: 1, date: 1, qts: 1 };
  const { others } = await until(() => secretDifference(to, state));
  const asked = others.find((update): update is tl.RawUpdateEncryption => update._ === 'updateEncryption' && update.chat.id === id)!.chat as tl.RawEncryptedChatRequested;
  const peer = { _: 'inputEncryptedChat' as const, chatId: id, accessHash: asked.accessHash };
  await until(() => to.call({ _: 'messages.acceptEncryption', peer, gB, keyFingerprint: fingerprint }));
  return { device: from, input: { _: 'inputEncryptedChat', chatId: id, accessHash: waiting.accessHash } };
}

describe('secret chats through kill -9', () => {
  test('nothing is lost or doubled, and the order is that of the qts', { timeout: 60_000 + ROUNDS * 60_000 }, async () => {
    const [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
    await alice.meet(bob);
    const begun = await bob.main.call({ _: 'updates.getState' });
    const sent: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const killed = (async () => {
        for (let kills = 0; kills < 2; kills++) {
          await delay(Math.random() * LONGEST_MS * (kills + 1) * 3);
          await server.restart();
        }
      })();
      const side = await openThroughKills(alice.main, bob.main, alice.main.inputUser(bob.id));
      for (let n = 0; n < MESSAGES; n++) {
        const randomId = randomLong();
        if (n % 4 === 3) await sendFile(side, randomId);
        else await until(() => side.device.call({ _: 'messages.sendEncrypted', peer: side.input, randomId, data: Buffer.from(`message ${n}`) }));
        sent.push(randomId.toString());
      }
      await killed;
      await until(() => alice.main.call({ _: 'messages.discardEncryption', chatId: side.input.chatId }));
    }
    const missed = await until(() => secretDifference(bob.main, begun));
    expect(missed.messages.map(({ randomId }) => randomId.toString())).toEqual(sent);
    expect(missed.qts).toBe(begun.qts + sent.length);
    const ended = missed.others.filter((update) => update._ === 'updateEncryption' && update.chat._ === 'encryptedChatDiscarded');
    expect(ended).toHaveLength(ROUNDS);
    // Each file that a message names is there, and there is one row for each of them.
    const files = missed.messages.flatMap((message) => (message._ === 'encryptedMessage' && message.file._ === 'encryptedFile' ? [message.file] : []));
    expect(new Set(files.map(({ id }) => id.toString())).size).toBe(files.length);
    for (const { id, accessHash } of files) {
      const file = await bob.main.call({ _: 'upload.getFile', location: { _: 'inputEncryptedFileLocation', id, accessHash }, offset: 0, limit: 4096 });
      expect(file._ === 'upload.file' && file.bytes.length).toBe(2000);
    }
  });
});
