import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openMessaging } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';

let t: MessagingFixture;
beforeEach(async () => {
  t = await openMessaging();
});
afterEach(async () => {
  await t[Symbol.asyncDispose]();
});

const ME = 1n;
const FIRST = { ownerId: ME, folderId: undefined, excludePinned: false, offsetDate: 0, offsetId: 0, offsetPeerId: undefined };

/** Pages through the list as clients do: the top message of the last dialog is the next offset. */
async function pageThrough(limit: number, between: (page: number) => Promise<void>, excludePinned = false): Promise<bigint[]> {
  const seen: bigint[] = [];
  let offset: { offsetDate: number; offsetId: number; offsetPeerId: bigint | undefined } = FIRST;
  for (let page = 0; ; page++) {
    const { rows } = await t.dialogs.list({ ...FIRST, ...offset, limit, excludePinned });
    seen.push(...rows.map((row) => row.peer_id));
    const last = rows.at(-1);
    if (last === undefined) return seen;
    offset = { offsetDate: last.top_date, offsetId: last.top_msg_id, offsetPeerId: last.peer_id };
    await between(page);
  }
}

async function startDialogs(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await t.send(ME, 100n + BigInt(index), `to ${index}`);
    // Several top messages have the same date.
    if (index % 3 === 0) await t.clock.advance(1000);
  }
}

describe('getDialogs', () => {
  test('pages contain every dialog once, in order', async () => {
    await startDialogs(25);
    for (const limit of [1, 4, 7, 100]) {
      const seen = await pageThrough(limit, () => Promise.resolve());
      expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 124n - BigInt(index)));
    }
  });

  test('while messages arrive, pages repeat nothing, and dialogs that they miss were pushed', async () => {
    await startDialogs(25);
    const pushed = new Set<bigint>();
    const seen = await pageThrough(4, async (page) => {
      for (const peer of [100n + BigInt(page), 124n - BigInt(page * 2)]) {
        await t.clock.advance(1000);
        await t.send(peer, ME, 'news');
        pushed.add(peer);
      }
    });
    expect(new Set(seen).size).toBe(seen.length);
    const known = new Set([...seen, ...pushed]);
    for (let index = 0; index < 25; index++) expect(known.has(100n + BigInt(index))).toBe(true);
  });

  test('pinned dialogs come first, once, and can be left out', async () => {
    await startDialogs(9);
    await t.dialogs.doPin(ME, 100n, true, undefined);
    await t.dialogs.doPin(ME, 105n, true, undefined);
    const all = await pageThrough(2, () => Promise.resolve());
    expect(all.slice(0, 3)).toEqual([105n, 100n, 108n]);
    expect(all).toHaveLength(9);
    expect(new Set(all).size).toBe(9);
    const others = await pageThrough(2, () => Promise.resolve(), true);
    expect(others).toHaveLength(7);
    await t.dialogs.doReorderPinned({ ownerId: ME, folderId: 0, peerIds: [100n], force: false, origin: undefined });
    expect((await t.dialogs.listPinned(ME, 0)).map((row) => row.peer_id)).toEqual([100n, 105n]);
  });

  test('a dialog without messages cannot be pinned, and one that loses its messages is unpinned', async () => {
    await startDialogs(2);
    await expect(t.dialogs.doPin(ME, 555n, true, undefined)).rejects.toThrow('PEER_HISTORY_EMPTY');
    await t.dialogs.doReorderPinned({ ownerId: ME, folderId: 0, peerIds: [100n, 101n], force: true, origin: undefined });
    const deletion = { ownerId: ME, maxId: 0, minDate: 0, maxDate: 0, revoke: false, origin: undefined };
    await t.messages.doDeleteHistory({ ...deletion, peerId: 100n, justClear: true });
    await t.messages.doDeleteHistory({ ...deletion, peerId: 101n, justClear: false });
    expect((await t.dialogs.listPinned(ME, 0)).map((row) => row.peer_id)).toEqual([100n]);
    await t.send(101n, ME, 'again');
    expect((await t.dialogs.find(ME, [101n]))[0]).toMatchObject({ pinned_order: 0, msg_count: 1, unread_count: 1 });
  });

  test('the answer includes each top message and every user', async () => {
    await startDialogs(3);
    const { rows } = await t.dialogs.list({ ...FIRST, limit: 10 });
    const { dialogs, messages, users } = await t.dialogs.project(ME, rows, false);
    expect(dialogs.map((dialog) => dialog.top_message)).toEqual(messages.map((message) => message.id));
    expect(new Set(users.map((user) => user.id))).toEqual(new Set([ME, 100n, 101n, 102n]));
  });
});

describe('read marks', () => {
  test('move in both directions, by each owner’s ids, and never back', async () => {
    await t.send(ME, 9n, 'shifts ids');
    for (let index = 0; index < 5; index++) await t.send(2n, ME, `m${index}`);
    const inbox = (await t.box(ME)).filter((row) => row.peer_id === 2n);
    const reading = { ownerId: ME, peerId: 2n, maxId: inbox[2]!.msg_id, origin: undefined };
    const first = await t.messages.doReadHistory(reading);
    expect(first.ptsCount).toBe(1);
    expect(await t.messages.doReadHistory(reading)).toEqual({ pts: first.pts, ptsCount: 0 });
    const [mine] = await t.dialogs.find(ME, [2n]);
    const [theirs] = await t.dialogs.find(2n, [ME]);
    expect(mine).toMatchObject({ read_inbox_max_id: inbox[2]!.msg_id, unread_count: 2 });
    expect(theirs).toMatchObject({ read_outbox_max_id: 3 });
    await t.messages.doReadHistory({ ...reading, maxId: 0 });
    expect((await t.dialogs.find(ME, [2n]))[0]).toMatchObject({ unread_count: 0 });
    expect((await t.dialogs.find(2n, [ME]))[0]).toMatchObject({ read_outbox_max_id: 5 });
  });
});

describe('the update log', () => {
  test('keeps one entry per read mark, however often it moved', async () => {
    for (let index = 0; index < 6; index++) {
      const { msg_id: maxId } = await t.send(2n, ME, `m${index}`);
      expect(await t.messages.doReadHistory({ ownerId: ME, peerId: 2n, maxId, origin: undefined })).toMatchObject({ ptsCount: 1 });
    }
    const rows = await t.db.q.selectFrom('update_log').select(['owner_id', 'pts']).orderBy('owner_id').execute();
    expect(rows).toEqual([{ owner_id: ME, pts: 13 }, { owner_id: 2n, pts: 13 }]);
    const { difference } = await t.updates.findDifference(ME, { pts: 1, ptsLimit: undefined, ptsTotalLimit: undefined, date: 1 });
    expect(difference).toMatchObject({ other_updates: [{ _: 'updateReadHistoryInbox', max_id: 6, still_unread_count: 0, pts: 13 }] });
  });
});

describe('drafts', () => {
  test('are stored, sent to other devices, and deleted by a send', async () => {
    await t.send(ME, 2n, 'hi');
    const draft = { _: 'draftMessage', message: 'half a thou', date: t.clock.now() } as const;
    await t.dialogs.doSaveDraft(ME, { peerId: 2n }, draft, undefined);
    expect(await t.dialogs.listDrafts(ME)).toMatchObject([{ draft: { message: 'half a thou' } }]);
    const { pts } = await t.updates.findState(ME);
    await t.send(ME, 2n, 'half a thought', { clearsDraft: true });
    expect(await t.dialogs.listDrafts(ME)).toEqual([]);
    const { difference } = await t.updates.findDifference(ME, { pts, ptsLimit: undefined, ptsTotalLimit: undefined, date: t.clock.now() });
    expect(difference).toMatchObject({
      _: 'updates.difference',
      new_messages: [{ message: 'half a thought' }],
      other_updates: [{ _: 'updateDraftMessage', draft: { _: 'draftMessage' } }, { _: 'updateDraftMessage', draft: { _: 'draftMessageEmpty' } }],
    });
  });
});
