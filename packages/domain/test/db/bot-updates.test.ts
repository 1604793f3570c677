import { seededRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BotQuestions } from '../../src/bot-queries/index.ts';
import { type BotProgress, BotUpdates, type OpenedBotUpdates, type StoredBotUpdate } from '../../src/bot-updates/index.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

describe('updates over HTTP that wait for a bot', () => {
  const random = seededRandom('bot-updates');
  let world: World;
  let updates: BotUpdates;
  let nextBot = 7_100_000n;
  beforeAll(async () => {
    world = await createWorld();
    updates = new BotUpdates({ db: world.db, clock: world.clock, random });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const newBot = (): bigint => nextBot++;
  const updateOf = (id: number, lifeS = 60): StoredBotUpdate => ({ id, name: 'message', queue: 5n, expires: world.clock.now() + lifeS, json: `{"update_id":${id}}` });

  /** What one pass stores: `count` updates and a position. */
  const progressOf = ({ ownerEpoch, nextId, reach }: OpenedBotUpdates, count: number, more: Partial<BotProgress> = {}): BotProgress => ({
    ownerEpoch,
    nextId: nextId + count,
    reach: { ...reach, pts: reach.pts + count },
    updates: Array.from({ length: count }, (_, at) => updateOf(nextId + at)),
    channels: new Map(),
    ended: [],
    confirmed: { before: 0, ids: [] },
    queryIds: [],
    ...more,
  });

  it('begin with a random id of nine digits at the beginning of the box', async () => {
    const [one, other] = [await updates.open(newBot()), await updates.open(newBot())];
    for (const { nextId, reach, waiting, allowed } of [one, other]) {
      expect(nextId).toBeGreaterThanOrEqual(100_000_000);
      expect(nextId).toBeLessThan(1_000_000_000);
      expect({ reach, waiting, allowed }).toEqual({ reach: { pts: 1, looseSeq: 0, loosePts: 1 }, waiting: [], allowed: undefined });
    }
    expect(one.nextId).not.toBe(other.nextId);
  });

  it('are stored with the positions, and go on after them when somebody opens them again', async () => {
    const botId = newBot();
    const first = await updates.open(botId);
    expect(await updates.save(botId, progressOf(first, 3, { channels: new Map([[-5n, 7]]) }))).toBe(true);
    expect((await updates.list(botId, 0, 2)).map(({ id }) => id)).toEqual([first.nextId, first.nextId + 1]);
    const second = await updates.open(botId);
    expect(second).toMatchObject({ nextId: first.nextId + 3, reach: { pts: 4 }, channels: new Map([[-5n, 7]]) });
    expect(second.waiting.map(({ id }) => id)).toEqual([0, 1, 2].map((n) => first.nextId + n));
    const confirmed = { before: first.nextId + 1, ids: [first.nextId + 2] };
    expect(await updates.save(botId, progressOf(second, 1, { confirmed, ended: [-5n] }))).toBe(true);
    const third = await updates.open(botId);
    expect(third.waiting.map(({ id }) => id)).toEqual([first.nextId + 1, first.nextId + 3]);
    expect(third.channels).toEqual(new Map());
  });

  it('are written only by who has opened them last', async () => {
    const botId = newBot();
    const older = await updates.open(botId);
    await updates.save(botId, progressOf(older, 1));
    const newer = await updates.open(botId);
    const late = progressOf({ ...older, nextId: older.nextId + 1 }, 2, { channels: new Map([[-5n, 7]]), confirmed: { before: older.nextId + 1, ids: [] } });
    expect(await updates.save(botId, late)).toBe(false);
    expect(await updates.saveAllowed(botId, older.ownerEpoch, ['message'])).toBe(false);
    expect(await updates.save(botId, progressOf(newer, 1))).toBe(true);
    expect(await updates.open(botId)).toMatchObject({ nextId: older.nextId + 2, channels: new Map(), allowed: undefined, waiting: [{ id: older.nextId }, { id: older.nextId + 1 }] });
  });

  it('get later ids when the database may have lost its last transactions', async () => {
    const botId = newBot();
    const { nextId } = await updates.open(botId);
    const setEpoch = (value: string): Promise<unknown> => world.db.transact('set-epoch', (tx) => tx.q.updateTable('meta').set({ value }).where('key', '=', 'epoch').execute());
    const epoch = Number((await world.db.q.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirstOrThrow()).value);
    await setEpoch(String(epoch + 1));
    expect((await updates.open(botId)).nextId).toBe(nextId + 1_000_000);
    expect((await updates.open(botId)).nextId).toBe(nextId + 1_000_000);
    await setEpoch(String(epoch));
  });

  it('are not told and not kept after their time', async () => {
    const botId = newBot();
    const opened = await updates.open(botId);
    await updates.save(botId, progressOf(opened, 0, { nextId: opened.nextId + 2, updates: [updateOf(opened.nextId, 30), updateOf(opened.nextId + 1, 90)] }));
    await world.clock.advance(31_000);
    expect((await updates.list(botId, 0, 10)).map(({ id }) => id)).toEqual([opened.nextId + 1]);
    expect((await updates.open(botId)).waiting.map(({ id }) => id)).toEqual([opened.nextId + 1]);
  });

  it('fill an answer up to some MiB', async () => {
    const botId = newBot();
    const opened = await updates.open(botId);
    const json = 'x'.repeat(1024 * 1024);
    await updates.save(botId, progressOf(opened, 0, { nextId: opened.nextId + 8, updates: Array.from({ length: 8 }, (_, at) => ({ ...updateOf(opened.nextId + at), json })) }));
    expect(await updates.list(botId, 0, 100)).toHaveLength(4);
  });

  it('remember which kinds a bot wants', async () => {
    const botId = newBot();
    const { ownerEpoch } = await updates.open(botId);
    expect(await updates.saveAllowed(botId, ownerEpoch, ['poll', 'message'])).toBe(true);
    const again = await updates.open(botId);
    expect(again.allowed).toEqual(['poll', 'message']);
    await updates.saveAllowed(botId, again.ownerEpoch, undefined);
    expect((await updates.open(botId)).allowed).toBeUndefined();
  });

  it('take each question to the bot once, also if nobody listened when it was asked', async () => {
    const botId = newBot();
    using questions = new BotQuestions({ db: world.db, bus: world.bus, clock: world.clock, random });
    const asking = errorOf(questions.doAsk({ botId, userId: 5n, question: { _: 'updateBotInlineQuery', query_id: 0n, user_id: 5n, query: 'tea', offset: '' } }));
    await expect.poll(() => questions.listBotsWithUnqueued([botId, 1n])).toEqual([botId]);
    await questions.doTell(botId, 5n, { _: 'updateBotInlineSend', user_id: 5n, query: 'tea', id: 'x' });
    const told = await questions.listUnqueued(botId, 10);
    expect(told.map(({ update, date }) => [update._, date])).toEqual(expect.arrayContaining([['updateBotInlineQuery', world.clock.now()], ['updateBotInlineSend', world.clock.now()]]));
    const [query, sent] = [told.find(({ update }) => update._ === 'updateBotInlineQuery')!, told.find(({ update }) => update._ === 'updateBotInlineSend')!];
    expect(query.update).toMatchObject({ query_id: query.queryId, query: 'tea' });
    // Nobody waits for an answer to it.
    expect(await errorOf(questions.doAnswer({ botId, queryId: sent.queryId }, { answer: Buffer.from('x') }))).toBe('QUERY_ID_INVALID');
    const opened = await updates.open(botId);
    await updates.save(botId, progressOf(opened, 2, { queryIds: told.map(({ queryId }) => queryId) }));
    expect(await questions.listUnqueued(botId, 10)).toEqual([]);
    expect(await questions.listBotsWithUnqueued([botId])).toEqual([]);
    questions[Symbol.dispose]();
    expect(await asking).toBe('BOT_RESPONSE_TIMEOUT');
  });

  it('are read from where the box is young enough', async () => {
    const { messages, users } = world.domain;
    const [alice, bob] = [await world.signUp('9996612001', 'Alice'), await world.signUp('9996612002', 'Bob')];
    const peer = { kind: 'user' as const, userId: bob.userId, peerId: bob.userId, isSelf: false, row: (await users.findRow(bob.userId))! };
    const send = async (n: number): Promise<void> => {
      const text = { text: `n ${n}`, entities: [] };
      await messages.doSendText(peer, { senderId: alice.userId, text, randomId: BigInt(n), silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined });
    };
    // So far from the beginning that reading on from there would be slow.
    await world.db.transact('move-box', async (tx) => void ((await tx.lockCounters([bob.userId])).get(bob.userId)!.pts = 5000));
    for (let n = 1; n <= 20; n++) await send(n);
    const { pts: oldPts } = await world.domain.updates.readPosition(bob.userId);
    await world.clock.advance(100_000_000);
    for (let n = 21; n <= 30; n++) await send(n);
    const { pts: to } = await world.domain.updates.readPosition(bob.userId);
    const found = await updates.findFreshPts(bob.userId, { from: 1, to, sinceDate: world.clock.now() - 50_000 });
    expect(found).toBeGreaterThan(5000);
    expect(found).toBeLessThanOrEqual(oldPts);
    expect(await updates.findFreshPts(bob.userId, { from: 1, to, sinceDate: 0 })).toBeLessThanOrEqual(5000);
  });
});
