import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { testDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';

import { type BotMaker, doMakeBot } from '../../src/bots/index.ts';

test('a bot whose making was cut off after its username was reserved is made by the same attempt once more, and by no other', async () => {
  await using db = await testDatabase();
  const random = seededRandom('make-bot');
  const maker: BotMaker = { db, clock: createFakeClock(), random, keys: { wrap: (bytes: Uint8Array) => bytes }, config: { homeDcId: 2, botsPerOwnerMax: 20 } };
  const bot = { name: 'Tea', username: 'Tea_bot', ownerId: undefined };
  const draw = random.int63();
  const cutOff = doMakeBot(maker, { ...bot, draw }, () => Promise.reject(new Error('killed')));
  await expect(cutOff).rejects.toThrow('killed');
  await expect(doMakeBot(maker, bot)).rejects.toThrow('USERNAME_OCCUPIED');
  const { botId } = await doMakeBot(maker, { ...bot, draw });
  expect(await db.q.selectFrom('usernames').select(['peer_id', 'confirmed']).where('name', '=', 'tea_bot').execute()).toEqual([{ peer_id: botId, confirmed: true }]);
  // An id that is taken is left alone: another one is drawn.
  expect((await doMakeBot(maker, { ...bot, username: 'Coffee_bot', draw })).botId).not.toBe(botId);
});

test('a username for which no bot could be made is free at once', async () => {
  await using db = await testDatabase();
  const random = seededRandom('make-bot');
  const maker: BotMaker = { db, clock: createFakeClock(), random, keys: { wrap: (bytes: Uint8Array) => bytes }, config: { homeDcId: 2, botsPerOwnerMax: 1 } };
  await doMakeBot(maker, { name: 'Tea', username: 'Tea_bot', ownerId: 1n });
  const bot = { name: 'Coffee', username: 'Coffee_bot' };
  await expect(doMakeBot(maker, { ...bot, ownerId: 1n })).rejects.toThrow('BOT_CREATE_LIMIT_EXCEEDED');
  expect((await doMakeBot(maker, { ...bot, ownerId: 2n })).username).toBe('Coffee_bot');
  const token = { botId: 8_000_000n, plain: 'x'.repeat(35) };
  await doMakeBot(maker, { name: 'Water', username: 'Water_bot', ownerId: undefined, token });
  await expect(doMakeBot(maker, { name: 'Juice', username: 'Juice_bot', ownerId: undefined, token })).rejects.toThrow('USER_ID_INVALID');
  expect((await doMakeBot(maker, { name: 'Juice', username: 'Juice_bot', ownerId: undefined })).username).toBe('Juice_bot');
});
