import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { insertHome, NO_ADDRESSES } from '@aerogram/storage';
import { testDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';

import { type BotMaker, doMakeBot } from '../../src/bots/index.ts';
import { doMakeBotByOperator } from '../../src/index.ts';

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

test('an operator brings a bot with its id to the data centre that the id names, if that is a member', async () => {
  await using db = await testDatabase();
  const maker: BotMaker = { db, clock: createFakeClock(), random: seededRandom('make-bot'), keys: { wrap: (bytes: Uint8Array) => bytes }, config: { homeDcId: 1, botsPerOwnerMax: 20 } };
  const bring = (botId: bigint) => doMakeBotByOperator(maker, { name: 'Tea', username: `tea_${botId}_bot`, ownerId: undefined, token: { botId, plain: 'x'.repeat(35) } });
  // A server that is alone takes each.
  await expect(bring(8_000_002n)).resolves.toMatchObject({ botId: 8_000_002n });
  await db.transact('homes', async (tx) => {
    for (const dc of [1, 2, 3]) await insertHome(tx, { dc, is_own: dc === 1, of_names: dc === 1, state: dc === 3 ? 'removed' : 'joined', ...NO_ADDRESSES });
  });
  await expect(bring(8_000_010n)).rejects.toThrow('the id of this bot is one of data centre 2: run the command there');
  await expect(bring(8_000_011n)).rejects.toThrow('the id of this bot is one of data centre 3, which was removed: make a new bot');
  for (const botId of [8_000_009n, 8_000_012n]) await expect(bring(botId)).resolves.toMatchObject({ botId });
});
