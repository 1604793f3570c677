import { silentLogger } from '@aerogram/runtime';
import { type Database, sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { indexAllBehind, indexBoxes, rebuildSearch } from '../../src/search/index-messages.ts';
import type { MessageQuery } from '../../src/search/search-messages.ts';
import { createSearch, type Search } from '../../src/search/search.ts';
import { termsOfText } from '../../src/search/text-terms.ts';
import { openMessaging, type MessagingFixture } from '../messaging-fixture.ts';

const ALICE = 11n;
const BOB = 12n;
const CAROL = 13n;

let m: MessagingFixture;
let search: Search;
beforeAll(async () => {
  m = await openMessaging({ seed: 'search' });
  search = createSearch({ db: m.db, bus: m.bus, clock: m.clock, log: silentLogger }).search;
});
afterAll(async () => {
  await search[Symbol.asyncDispose]();
  await m[Symbol.asyncDispose]();
});

const whole: MessageQuery = { text: '', minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 100, minId: 0, maxId: 0 };

/** Texts that the owner finds, newest first. */
async function found(owner: bigint, text: string, more: Partial<MessageQuery> = {}): Promise<string[]> {
  const { msgIds } = await search.searchMessages(owner, { ...whole, text, ...more });
  const rows = await m.messages.find(owner, msgIds);
  return msgIds.map((id) => rows.get(id)?.text ?? `gone ${id}`);
}

describe('search in any language, from the first character on', () => {
  const corpus = [
    'Hello world',
    'Привет, мир! Ёжик',
    '你好世界，今天天气很好',
    '東京タワーに行きました',
    'สวัสดีชาวโลก',
    '안녕하세요 세계',
    'Grüße aus Österreich',
    'مرحبا بالعالم',
    'नमस्ते दुनिया',
    'meet at 18:30 in room 42 👍',
  ];
  beforeAll(async () => {
    for (const text of corpus) await m.send(ALICE, BOB, text);
  });

  test.each([
    // 1, 2 and 3 characters and whole words, by script.
    ['h', [0]], ['he', [0]], ['hel', [0]], ['WORLD hello', [0]], ['ello', []],
    ['п', [1]], ['пр', [1]], ['при', [1]], ['ежик', [1]], ['привет мир', [1]],
    ['好', [2]], ['天', [2]], ['天气', [2]], ['世界', [2]], ['天气很', [2]], ['很好今', []], ['好世', [2]], ['气天', []],
    ['東', [3]], ['タワ', [3]], ['タワー', [3]], ['京タワ', [3]],
    ['ส', [4]], ['โลก', [4]],
    ['안', [5]], ['세계', [5]],
    ['gru', [6]], ['österr', [6]], ['OSTERREICH', [6]],
    ['مر', [7]], ['بال', [7]],
    ['नम', [8]],
    ['42', [9]], ['18:30', [9]], ['👍', [9]], ['👎', []],
    ["'); --", []], ['%', []], ['hello & !world', [0]],
  ])('%s', async (text, indexes) => {
    const expected = indexes.map((index) => corpus[index]!);
    expect(await found(ALICE, text)).toEqual(expected);
    expect(await found(BOB, text)).toEqual(expected);
    expect(await found(CAROL, text)).toEqual([]);
  });
});

test('no more than 20,000 matches are counted, and all pages can be reached', async () => {
  await m.send(ALICE, ALICE, 'plenty');
  expect(await found(ALICE, 'plenty')).toEqual(['plenty']);
  const first = (await search.searchMessages(ALICE, { ...whole, text: 'plenty' })).msgIds[0]!;
  await sql`INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
            SELECT owner_id, msg_id + n, peer_id, date, terms FROM message_search, generate_series(1000, 21500) AS n
             WHERE owner_id = ${ALICE} AND msg_id = ${first}`.execute(m.db.q);
  const page = async (more: Partial<MessageQuery>) => search.searchMessages(ALICE, { ...whole, text: 'plenty', limit: 2, ...more });
  expect(await page({})).toEqual({ msgIds: [first + 21_500, first + 21_499], count: 20_000, inexact: true });
  expect(await page({ offsetId: first + 1002 })).toEqual({ msgIds: [first + 1001, first + 1000], count: 20_000, inexact: true });
  expect(await page({ offsetId: first + 1001, addOffset: -1 })).toMatchObject({ msgIds: [first + 1001, first + 1000] });
  expect(await page({ limit: 0 })).toEqual({ msgIds: [], count: 20_000, inexact: true });
  expect(await page({ addOffset: 20_001 })).toMatchObject({ msgIds: [] });
  expect(await page({ maxId: first + 3000 })).toEqual({ msgIds: [first + 2999, first + 2998], count: 2001 });
  await sql`DELETE FROM message_search WHERE owner_id = ${ALICE} AND msg_id > ${first}`.execute(m.db.q);
});

describe('search pages', () => {
  beforeAll(async () => {
    for (let n = 0; n < 20; n++) {
      await m.send(CAROL, n % 2 === 0 ? ALICE : BOB, `count ${n}`);
      await m.clock.advance(1000);
    }
  });
  const ids = async (more: Partial<MessageQuery>): Promise<[number[], number]> => {
    const { msgIds, count } = await search.searchMessages(CAROL, { ...whole, text: 'count', ...more });
    return [msgIds, count];
  };

  test('are narrowed by peer, author, dates and offsets as in histories', async () => {
    const [all, count] = await ids({});
    expect(all).toHaveLength(20);
    expect(count).toBe(20);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    expect(await ids({ limit: 3 })).toEqual([all.slice(0, 3), 20]);
    expect(await ids({ limit: 3, offsetId: all[4]! })).toEqual([all.slice(5, 8), 20]);
    expect(await ids({ limit: 3, offsetId: all[4]!, addOffset: 2 })).toEqual([all.slice(7, 10), 20]);
    expect(await ids({ limit: 4, offsetId: all[4]!, addOffset: -2 })).toEqual([all.slice(3, 7), 20]);
    expect(await ids({ limit: 2, offsetId: all[4]!, addOffset: -4 })).toEqual([all.slice(1, 3), 20]);
    expect(await ids({ minId: all[5]!, maxId: all[1]! })).toEqual([all.slice(2, 5), 3]);
    expect((await ids({ peerId: ALICE }))[1]).toBe(10);
    expect((await ids({ fromId: CAROL }))[1]).toBe(20);
    expect((await ids({ fromId: ALICE }))[1]).toBe(0);
    const dates = (await m.box(CAROL)).map((row) => row.date);
    expect((await ids({ minDate: dates[5]!, maxDate: dates[8]! }))[1]).toBe(4);
    expect(await ids({ limit: 0 })).toEqual([[], 20]);
    expect((await ids({ text: '', peerId: BOB }))[1]).toBe(10);
  });
});

test('edits, deletions and kinds are reflected in the index', async () => {
  const row = await m.send(BOB, CAROL, 'draft of the plan');
  expect(await found(CAROL, 'plan')).toEqual(['draft of the plan']);
  const link = { _: 'messageEntityUrl' as const, offset: 0, length: 19 };
  await m.messages.doEdit(m.peer(BOB, CAROL), {
    ownerId: BOB, msgId: row.msg_id, noWebpage: false, invertMedia: false, origin: undefined,
    text: { text: 'https://example.org final', entities: [link] },
  });
  for (const owner of [BOB, CAROL]) {
    expect(await found(owner, 'draft')).toEqual([]);
    expect(await found(owner, 'exam fin')).toHaveLength(1);
    expect(await found(owner, '', { kinds: ['url', 'photo'] })).toHaveLength(1);
    expect(await found(owner, '', { kinds: ['photo'] })).toEqual([]);
  }
  await m.messages.doDelete({ ownerId: BOB, msgIds: [row.msg_id], revoke: true, origin: undefined });
  for (const owner of [BOB, CAROL]) expect(await found(owner, 'final')).toEqual([]);
});

/** Adds messages from 98 to the box of 99 without indexing them. */
function fill(db: Database, texts: readonly string[]): Promise<void> {
  return db.transact('fill', async (tx) => {
    const counter = (await tx.lockCounters([99n])).get(99n)!;
    const rows = texts.map((text, n) => ({
      owner_id: 99n, msg_id: counter.next_msg_id + n, global_id: BigInt(counter.next_msg_id + n), peer_id: 98n, from_id: 98n, pts: counter.pts + 1 + n, date: 1,
      flags: 0, text, saved_peer_id: null, edit_date: null, reply_to_msg_id: null, extra: null,
    }));
    await tx.q.insertInto('messages').values(rows).execute();
    counter.pts += texts.length;
    counter.next_msg_id += texts.length;
  });
}

describe('messages whose terms are costly', () => {
  const ligatures = 'ﷺ'.repeat(4096);
  const indexAll = async (): Promise<number> => {
    let slices = 0;
    for (let behind = [99n]; behind.length > 0; slices++) behind = await indexBoxes(m.db, behind);
    return slices;
  };

  test('hold the event loop for a small part of the time that they take together', async () => {
    await fill(m.db, Array.from({ length: 200 }, () => ligatures));
    const startedMs = performance.now();
    for (let run = 0; run < 10; run++) termsOfText(ligatures);
    const allMs = (performance.now() - startedMs) * 20;
    let [longestMs, lastMs, isOver] = [0, performance.now(), false];
    const watch = async (): Promise<void> => {
      while (!isOver) {
        await new Promise((resolve) => setImmediate(resolve));
        longestMs = Math.max(longestMs, performance.now() - lastMs);
        lastMs = performance.now();
      }
    };
    const watching = watch();
    await indexAll();
    isOver = true;
    await watching;
    expect(longestMs).toBeLessThan(allMs / 3);
  });

  test('are written a few at a time, and what was written is not made again', async () => {
    const texts = Array.from({ length: 60 }, (_, n) => Array.from({ length: 4096 }, (_, k) => String.fromCodePoint(0x4e00 + 200 * n + k)).join(''));
    await fill(m.db, texts);
    expect(await indexBoxes(m.db, [99n])).toEqual([99n]);
    const { indexed_pts: first } = await m.db.q.selectFrom('search_state').select('indexed_pts').where('owner_id', '=', 99n).executeTakeFirstOrThrow();
    const { pts } = await m.db.q.selectFrom('counters').select('pts').where('owner_id', '=', 99n).executeTakeFirstOrThrow();
    expect(first).toBeGreaterThan(pts - 60);
    expect(first).toBeLessThan(pts);
    expect(await indexAll()).toBeGreaterThan(1);
    expect(await found(99n, texts[59]!.slice(-3))).toEqual([texts[59]!]);
  });

  test('an owner with many of them does not hold up the next one', async () => {
    await fill(m.db, Array.from({ length: 30 }, () => Array.from({ length: 4096 }, (_, k) => String.fromCodePoint(0x4e00 + k)).join('')));
    const row = await m.send(ALICE, CAROL, 'behind a long one');
    const behind = await indexBoxes(m.db, [99n, ALICE]);
    expect(behind).toEqual([ALICE, 99n]);
    await indexBoxes(m.db, behind);
    const indexed = await m.db.q.selectFrom('message_search').select('msg_id').where('owner_id', '=', ALICE).where('msg_id', '=', row.msg_id).execute();
    expect(indexed).toHaveLength(1);
    await indexAll();
  });
});

test('a box that cannot be indexed does not keep the others from it', async () => {
  await fill(m.db, ['cannot be read']);
  const last = (await m.box(99n)).at(-1)!;
  const where = { owner: 99n, id: last.msg_id };
  await m.db.q.updateTable('messages').set({ extra: new Uint8Array([1, 2, 3, 4]) }).where('owner_id', '=', where.owner).where('msg_id', '=', where.id).execute();
  const row = await m.send(ALICE, CAROL, 'beside a broken one');
  await expect(indexAllBehind(m.db)).rejects.toThrow();
  const indexed = await m.db.q.selectFrom('message_search').select('owner_id').where('msg_id', '=', row.msg_id).where('owner_id', '=', ALICE).execute();
  expect(indexed).toHaveLength(1);
  await m.db.q.updateTable('messages').set({ extra: null }).where('owner_id', '=', where.owner).where('msg_id', '=', where.id).execute();
  expect(await indexAllBehind(m.db)).toBe(1);
});

test('messages of a channel are indexed in slices, under the marked id of the channel', async () => {
  const channelId = 77n;
  const owner = -1_000_000_000_077n;
  const post = (msg_id: number) => ({
    channel_id: channelId, msg_id, pts: msg_id + 1, ordinal: msg_id, poster_id: ALICE, from_id: ALICE, signature: null, date: msg_id, edit_date: null, flags: 0,
    reply_to_msg_id: null, text: `post ${msg_id}`, extra: null, ttl_period: null,
  });
  await m.db.transact('fill-channel', async (tx) => {
    const counter = (await tx.lockCounters([owner])).get(owner)!;
    await tx.q.insertInto('channel_messages').values(Array.from({ length: 1100 }, (_, n) => post(n + 1))).execute();
    counter.pts = 1101;
  });
  expect(await indexBoxes(m.db, [owner])).toEqual([owner]);
  expect(await search.searchMessages(owner, { ...whole, text: 'post 1100' })).toEqual({ msgIds: [1100], count: 1 });
  expect((await search.searchMessages(owner, { ...whole, fromId: ALICE })).count).toBe(1100);
  const boxes = [{ owner: ALICE, startId: 0 }, { owner, startId: 1090 }];
  const places = async (after: { owner: bigint; msgId: number; date: number } | undefined) =>
    (await search.searchEverywhere(ALICE, boxes, { text: 'post', minDate: 0, maxDate: 0, limit: 5, after })).places.map(({ msgId }) => msgId);
  expect(await places(undefined)).toEqual([1100, 1099, 1098, 1097, 1096]);
  expect(await places({ owner, msgId: 1096, date: 0 })).toEqual([1095, 1094, 1093, 1092, 1091]);
  expect(await places({ owner, msgId: 1091, date: 1091 })).toEqual([1090]);
});

test('rows are written in the background, in slices, once, and again when requested', async () => {
  const many = 1200;
  const db = m.db;
  const earlier = (await m.box(99n)).length;
  await fill(db, Array.from({ length: many }, (_, n) => `row ${n}`));
  const count = async (): Promise<number> => (await db.q.selectFrom('message_search').select('msg_id').where('owner_id', '=', 99n).execute()).length;
  expect(await indexBoxes(db, [99n])).toEqual([99n]);
  expect(await count()).toBe(earlier + 1000);
  // Two concurrent indexers: the lock makes the second find the work done.
  await Promise.all([indexBoxes(db, [99n]), indexBoxes(db, [99n])]);
  await indexAllBehind(db);
  expect(await count()).toBe(earlier + many);
  expect(await indexAllBehind(db)).toBe(0);
  const before = await db.q.selectFrom('message_search').selectAll().orderBy('owner_id').orderBy('msg_id').execute();
  await rebuildSearch(db);
  expect(await db.q.selectFrom('message_search').selectAll().orderBy('owner_id').orderBy('msg_id').execute()).toEqual(before);

  const own = createSearch({ db, bus: m.bus, clock: m.clock, log: silentLogger });
  const row = await m.send(ALICE, CAROL, 'background');
  own.bus.publish('user:11', { kind: 'box', owner: ALICE, pts: row.pts, ptsCount: 1, events: [] });
  await m.clock.advance(300);
  await own.search[Symbol.asyncDispose]();
  const indexed = await db.q.selectFrom('message_search').select('msg_id').where('owner_id', '=', ALICE).where('msg_id', '=', row.msg_id).execute();
  expect(indexed).toHaveLength(1);
});
