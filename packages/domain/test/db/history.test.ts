import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { MessageRow } from '../../src/events/message-row.ts';
import type { HistoryWindow } from '../../src/messages/list-history.ts';
import { openMessaging } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';

let t: MessagingFixture;
/** All messages in the dialog of 1 with 2, newest first. */
let all: MessageRow[];

beforeAll(async () => {
  t = await openMessaging();
  // Two interleaved dialogs with some messages deleted, so that the ids of one dialog have gaps.
  for (let index = 0; index < 45; index++) {
    await t.send(index % 3 === 0 ? 2n : 1n, index % 3 === 0 ? 1n : 2n, `message ${index}`);
    if (index % 4 === 0) await t.send(1n, 3n, 'elsewhere');
    await t.clock.advance(index % 5 === 0 ? 0 : 2000);
  }
  await t.messages.doDelete({ ownerId: 1n, msgIds: [6, 7, 20, 31], revoke: false, origin: undefined });
  all = (await t.box(1n)).filter((row) => row.peer_id === 2n).toReversed();
});
afterAll(async () => {
  await t[Symbol.asyncDispose]();
});

/** The documented meaning of the offsets, applied to an array. */
function model(window: HistoryWindow): number[] {
  const list = all.filter(
    (row) => (window.maxId <= 0 || row.msg_id < window.maxId) && (window.minId <= 0 || row.msg_id > window.minId),
  );
  const isAfterOffset = (row: MessageRow): boolean => {
    if (window.offsetId > 0) return row.msg_id >= window.offsetId;
    return window.offsetDate > 0 && row.date >= window.offsetDate;
  };
  const place = list.filter(isAfterOffset).length + window.addOffset;
  return list.slice(Math.max(0, place), Math.max(0, place + window.limit)).map((row) => row.msg_id);
}

const BASE: HistoryWindow = { ownerId: 1n, peerId: 2n, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 };

describe('getHistory pages', () => {
  const cases: Partial<HistoryWindow>[] = [];
  for (const offsetId of [0, 1, 7, 22, 30, 57, 60, 9999]) {
    for (const addOffset of [0, 3, 100, -1, -5, -10, -15, -60]) {
      for (const limit of [1, 5, 10, 100]) cases.push({ offsetId, addOffset, limit });
    }
  }
  for (const maxId of [0, 25, 58]) {
    for (const minId of [0, 10, 40]) {
      for (const addOffset of [0, -3, 2]) cases.push({ maxId, minId, addOffset }, { maxId, minId, addOffset, offsetId: 30 });
    }
  }

  test(`${cases.length} combinations of id offsets give the same answers as the model`, async () => {
    for (const change of cases) {
      const window = { ...BASE, ...change };
      const rows = await t.messages.listHistory(window);
      expect(rows.map((row) => row.msg_id), JSON.stringify(change)).toEqual(model(window));
    }
  });

  test('a date offset lies before the newest older message', async () => {
    const dates = new Set(all.map((row) => row.date));
    for (const date of [1, ...dates, ...[...dates].map((value) => value + 1), 2 ** 31 - 1]) {
      for (const addOffset of [0, -4, 2]) {
        const window = { ...BASE, offsetDate: date, addOffset, limit: 6 };
        const rows = await t.messages.listHistory(window);
        expect(rows.map((row) => row.msg_id), `${date} ${addOffset}`).toEqual(model(window));
      }
    }
  });

  test('the count is that of the whole dialog', async () => {
    expect(await t.messages.countHistory(1n, 2n)).toBe(all.length);
    expect(await t.messages.countHistory(1n, 99n)).toBe(0);
  });
});

test('a page skips at most 20,000 messages, because the database reads what it skips', async () => {
  // In slices, because a statement has a time limit, which a busy machine reaches sooner.
  for (let from = 1; from <= 20_005; from += 2000) {
    await sql`INSERT INTO messages
              SELECT (jsonb_populate_record(m, jsonb_build_object('msg_id', 1000 + n, 'pts', 1000 + n, 'global_id', 1000000 + n))).*
                FROM messages AS m, generate_series(${from}::int, ${Math.min(from + 1999, 20_005)}::int) AS n WHERE owner_id = 1 AND msg_id = ${all[0]!.msg_id}`.execute(t.db.q);
  }
  const idsAt = async (addOffset: number) => (await t.messages.listHistory({ ...BASE, addOffset, limit: 2 })).map((row) => row.msg_id);
  expect(await idsAt(20_000)).toEqual([1005, 1004]);
  expect(await idsAt(20_001)).toEqual([]);
  expect(await idsAt(2 ** 31 - 1)).toEqual([]);
});
