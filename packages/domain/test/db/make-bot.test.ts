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
