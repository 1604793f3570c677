import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { MessageRow } from '../../src/events/message-row.ts';
import { openMessaging, plainText } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';

let t: MessagingFixture;
beforeEach(async () => {
  t = await openMessaging();
});
afterEach(async () => {
  await t[Symbol.asyncDispose]();
});

/** What a client knows: message texts by id, and its position. */
interface ClientState {
  pts: number;
  qts: number;
  date: number;
  texts: Map<number, string>;
}

const newClient = (): ClientState => ({ pts: 1, qts: 0, date: 1, texts: new Map() });

function apply(client: ClientState, messages: readonly tl.Message[], updates: readonly tl.Update[]): void {
  for (const message of messages) if (message._ === 'message') client.texts.set(message.id, message.message);
  for (const update of updates) {
    if (update._ === 'updateEditMessage' && update.message._ === 'message') {
      if (client.texts.has(update.message.id)) client.texts.set(update.message.id, update.message.message);
    }
    if (update._ === 'updateDeleteMessages') for (const id of update.messages) client.texts.delete(id);
  }
}

/**
 * Asks for differences until there are no more.
 * @returns the kinds of the answers
 */
async function catchUp(owner: bigint, client: ClientState, limits: { ptsLimit?: number; ptsTotalLimit?: number } = {}): Promise<string[]> {
  const kinds: string[] = [];
  for (;;) {
    const { difference } = await t.updates.findDifference(owner, {
      pts: client.pts,
      ptsLimit: limits.ptsLimit,
      ptsTotalLimit: limits.ptsTotalLimit,
      date: client.date,
      qts: client.qts,
      qtsLimit: undefined,
    });
    kinds.push(difference._);
    if (difference._ === 'updates.differenceEmpty' || difference._ === 'updates.differenceTooLong') return kinds;
    apply(client, difference.new_messages, difference.other_updates);
    const state = difference._ === 'updates.difference' ? difference.state : difference.intermediate_state;
    expect(state.pts).toBeGreaterThanOrEqual(client.pts);
    client.pts = state.pts;
    client.qts = state.qts;
    client.date = state.date;
    if (difference._ === 'updates.difference') return kinds;
  }
}

const textsOf = (rows: readonly MessageRow[]): Map<number, string> => new Map(rows.map((row) => [row.msg_id, row.text]));

describe('differences', () => {
  test('a new account is at pts 1, its first event at 2', async () => {
    expect(await t.updates.findState(7n)).toMatchObject({ pts: 1, qts: 1, seq: 0 });
    expect(await t.updates.findDifference(7n, { pts: 1, ptsLimit: 1, ptsTotalLimit: undefined, date: 2 ** 31 - 1 })).toMatchObject({
      difference: { _: 'updates.differenceEmpty', seq: 0 },
    });
    expect((await t.send(8n, 7n, 'first')).pts).toBe(2);
  });

  test.each([-(2 ** 31), -1, 0])('a client that sends the date %i is answered', async (date) => {
    await t.send(8n, 7n, 'first');
    expect(await t.updates.findDifference(7n, { pts: 1, ptsLimit: undefined, ptsTotalLimit: undefined, date })).toMatchObject({
      difference: { _: 'updates.difference', new_messages: [{ message: 'first' }] },
    });
    expect(await t.updates.findDifference(7n, { pts: 2 ** 31 - 1, ptsLimit: undefined, ptsTotalLimit: undefined, date })).toMatchObject({ difference: { _: 'updates.difference' } });
  });

  test('a client that is any distance behind reaches the freshly loaded state through slices', async () => {
    const rows: MessageRow[] = [];
    for (let index = 0; index < 30; index++) rows.push(await t.send(1n, 2n, `m${index}`));
    for (const row of rows.slice(0, 10)) {
      await t.messages.doEdit(t.peer(1n, 2n), { ownerId: 1n, msgId: row.msg_id, text: plainText(`${row.text} edited`), noWebpage: false, invertMedia: false, origin: undefined });
    }
    await t.messages.doDelete({ ownerId: 1n, msgIds: rows.slice(5, 15).map((row) => row.msg_id), revoke: true, origin: undefined });
    await t.messages.doReadHistory({ ownerId: 2n, peerId: 1n, maxId: 0, origin: undefined });
    for (const owner of [1n, 2n]) {
      for (const ptsLimit of [undefined, 1, 7]) {
        const client = newClient();
        const kinds = await catchUp(owner, client, { ptsLimit });
        expect(client.texts).toEqual(textsOf(await t.box(owner)));
        expect(kinds.at(-1)).toBe('updates.difference');
        expect(kinds.length > 1).toBe(ptsLimit !== undefined);
        expect((await t.updates.readPosition(owner)).pts).toBe(client.pts);
      }
    }
  });

  test('listMoved returns the boxes that moved', async () => {
    await t.send(1n, 2n, 'hi');
    await t.updates.doLogUpdate(3n, { _: 'updateRecentReactions' }, undefined);
    const owners = [3n, 2n, 1n, 9n];
    const known = (one: { pts: number; looseSeq: number }[]) => ({ owners, pts: one.map(({ pts }) => pts), looseSeqs: one.map(({ looseSeq }) => looseSeq) });
    const before = await Promise.all(owners.map((owner) => t.updates.readPosition(owner)));
    expect(before).toMatchObject([{ pts: 1, looseSeq: 1 }, { pts: 2, looseSeq: 0 }, { pts: 2, looseSeq: 0 }, { pts: 1, looseSeq: 0 }]);
    expect(await t.updates.listMoved(known(before))).toEqual(new Map());
    await t.send(1n, 2n, 'again');
    await t.updates.doLogUpdate(3n, { _: 'updateRecentReactions' }, undefined);
    const moved = await t.updates.listMoved(known(before));
    expect([...moved].toSorted(([a], [b]) => (a < b ? -1 : 1))).toMatchObject([[1n, { pts: 3, looseSeq: 0 }], [2n, { pts: 3, looseSeq: 0 }], [3n, { pts: 1, looseSeq: 2 }]]);
    // A box that was never written is not returned.
    expect((await t.updates.listMoved(known(owners.map(() => ({ pts: 0, looseSeq: 0 }))))).size).toBe(3);
  });

  test('are answered with differenceTooLong only to a client that asks for it', async () => {
    for (let index = 0; index < 20; index++) await t.send(1n, 2n, 'x');
    expect(await catchUp(2n, newClient(), { ptsTotalLimit: 19 })).toEqual(['updates.differenceTooLong']);
    expect(await catchUp(2n, newClient(), { ptsTotalLimit: 20 })).toEqual(['updates.difference']);
  });

  test('bring updates without pts to a device that was offline', async () => {
    await t.send(1n, 2n, 'hi');
    const client = newClient();
    await catchUp(1n, client);
    await t.clock.advance(60_000);
    await t.dialogs.doMarkUnread(1n, 2n, true, undefined);
    await t.clock.advance(60_000);
    const ask = (): ReturnType<typeof t.updates.findDifference> =>
      t.updates.findDifference(1n, { pts: client.pts, ptsLimit: undefined, ptsTotalLimit: undefined, date: client.date });
    const { difference } = await ask();
    expect(difference).toMatchObject({ _: 'updates.difference', other_updates: [{ _: 'updateDialogUnreadMark', unread: true }] });
    client.date = (difference as tl.updates.difference).state.date;
    expect((await ask()).difference._).toBe('updates.differenceEmpty');
  });

  test('bring an update without pts whose hint was lost to a device that has moved past it', async () => {
    await t.send(1n, 2n, 'hi');
    const client = newClient();
    await catchUp(1n, client);
    await t.dialogs.doMarkUnread(1n, 2n, true, undefined);
    const row = await t.send(1n, 2n, 'pushed, and the mark was not');
    const { difference } = await t.updates.findDifference(1n, { pts: row.pts, ptsLimit: undefined, ptsTotalLimit: undefined, date: client.date });
    expect(difference).toMatchObject({ _: 'updates.difference', new_messages: [], other_updates: [{ _: 'updateDialogUnreadMark', unread: true }], state: { pts: row.pts } });
    await t.clock.advance(60_000);
    const later = await t.updates.findDifference(1n, { pts: row.pts, ptsLimit: undefined, ptsTotalLimit: undefined, date: t.clock.now() });
    expect(later.difference._).toBe('updates.differenceEmpty');
  });

  test('bring an update without pts that was still on its way to a device when something later set its date', async () => {
    await t.send(1n, 2n, 'hi');
    const client = newClient();
    await catchUp(1n, client);
    await t.dialogs.doMarkUnread(1n, 2n, true, undefined);
    await t.clock.advance(3000);
    // Such as that somebody comes online, which is pushed at once and has the date of that moment.
    const ask = () => t.updates.findDifference(1n, { pts: client.pts, ptsLimit: undefined, ptsTotalLimit: undefined, date: t.clock.now() });
    expect((await ask()).difference).toMatchObject({ _: 'updates.difference', other_updates: [{ _: 'updateDialogUnreadMark', unread: true }] });
    await t.clock.advance(60_000);
    expect((await ask()).difference._).toBe('updates.differenceEmpty');
  });

  test('bring all updates without pts at one position, however many', async () => {
    await t.send(1n, 2n, 'hi');
    const client = newClient();
    await catchUp(1n, client);
    const before = await t.updates.readPosition(1n);
    await t.clock.advance(60_000);
    for (let round = 0; round < 12; round++) {
      const updates = Array.from({ length: 50 }, () => ({ _: 'updateRecentReactions' as const }));
      await t.writeBoxes('log-many', [1n], async (_tx, boxes, date) => boxes.addLoose(1n, date, undefined, updates));
    }
    const { difference } = await t.updates.findDifference(1n, { pts: client.pts, ptsLimit: undefined, ptsTotalLimit: undefined, date: client.date });
    expect((difference as tl.updates.difference).other_updates).toHaveLength(600);
    const since = { ...before, loosePts: before.pts };
    const slice = await t.updates.listEventsSince(1n, { ...since, looseSeq: since.looseSeq + 590 }, 1000);
    expect(slice.events.map((event) => event.kind === 'update' && event.looseSeq - since.looseSeq)).toEqual([591, 592, 593, 594, 595, 596, 597, 598, 599, 600]);
    expect(slice).toMatchObject({ looseSeq: since.looseSeq + 600, more: false });
  });

  test('name every user they mention', async () => {
    await t.send(1n, 2n, 'mention', {
      text: { text: 'mention', entities: [{ _: 'messageEntityMentionName', offset: 0, length: 7, user_id: 55n }] },
    });
    const { difference } = await t.updates.findDifference(2n, { pts: 1, ptsLimit: undefined, ptsTotalLimit: undefined, date: 1 });
    const ids = (difference as tl.updates.difference).users.map((user) => user.id);
    expect(new Set(ids)).toEqual(new Set([1n, 55n]));
    expect(ids).toHaveLength(2);
  });

  test('miss nothing while others write, because the counter is read first', async () => {
    const client = newClient();
    let writing = true;
    const reading = (async () => {
      let reads = 0;
      while (writing) {
        await catchUp(2n, client, { ptsLimit: 5 });
        reads++;
      }
      return reads;
    })();
    const writers = [10n, 11n, 12n].map(async (sender) => {
      for (let index = 0; index < 100; index++) {
        const row = await t.send(sender, 2n, `${sender} ${index}`);
        if (index % 10 === 0) {
          await t.messages.doEdit(t.peer(sender, 2n), { ownerId: sender, msgId: row.msg_id, text: plainText(`edited ${index}`), noWebpage: false, invertMedia: false, origin: undefined });
        }
        if (index % 25 === 0) await t.messages.doDelete({ ownerId: sender, msgIds: [row.msg_id], revoke: true, origin: undefined });
      }
    });
    await Promise.all(writers);
    writing = false;
    expect(await reading).toBeGreaterThan(3);
    await catchUp(2n, client);
    expect(client.texts).toEqual(textsOf(await t.box(2n)));
  });
});

describe('edits and deletions', () => {
  const edit = (ownerId: bigint, peerId: bigint, msgId: number, text: string): ReturnType<typeof t.messages.doEdit> =>
    t.messages.doEdit(t.peer(ownerId, peerId), { ownerId, msgId, text: plainText(text), noWebpage: false, invertMedia: false, origin: undefined });

  test('an edit reaches the other copy under that box’s message id', async () => {
    await t.send(1n, 99n, 'shift');
    const row = await t.send(1n, 2n, 'tpyo');
    await edit(1n, 2n, row.msg_id, 'typo');
    expect((await t.box(2n)).map((copy) => [copy.msg_id, copy.text])).toEqual([[1, 'typo']]);
  });

  test('only the author can edit, within 48 hours, and only if something changes', async () => {
    const row = await t.send(1n, 2n, 'text');
    await expect(edit(2n, 1n, 1, 'forged')).rejects.toThrow('MESSAGE_AUTHOR_REQUIRED');
    await expect(edit(1n, 2n, row.msg_id, 'text')).rejects.toThrow('MESSAGE_NOT_MODIFIED');
    await expect(edit(1n, 3n, row.msg_id, 'other dialog')).rejects.toThrow('MESSAGE_ID_INVALID');
    const note = await t.send(1n, 1n, 'note');
    await t.clock.advance(48 * 3600 * 1000 + 1000);
    await expect(edit(1n, 2n, row.msg_id, 'late')).rejects.toThrow('MESSAGE_EDIT_TIME_EXPIRED');
    expect((await edit(1n, 1n, note.msg_id, 'note later')).row.text).toBe('note later');
  });

  test('deletions count the messages that existed, and a repeat counts none', async () => {
    const a = await t.send(1n, 2n, 'a');
    const b = await t.send(1n, 2n, 'b');
    const own = { ownerId: 1n, msgIds: [a.msg_id, 777], revoke: false, origin: undefined };
    expect(await t.messages.doDelete(own)).toEqual({ pts: 4, ptsCount: 1 });
    expect(await t.messages.doDelete(own)).toEqual({ pts: 4, ptsCount: 0 });
    expect(await t.box(2n)).toHaveLength(2);
    await t.messages.doDelete({ ...own, msgIds: [b.msg_id], revoke: true });
    expect((await t.box(2n)).map((row) => row.text)).toEqual(['a']);
    expect((await t.dialogs.find(2n, [1n]))[0]).toMatchObject({ msg_count: 1, unread_count: 1, top_msg_id: 1 });
    expect((await t.dialogs.find(1n, [2n]))[0]).toMatchObject({ msg_count: 0, top_msg_id: 0 });
  });

  test('clearing leaves a service message that keeps the dialog, and deleting for both leaves nothing', async () => {
    for (let index = 0; index < 5; index++) await t.send(1n, 2n, `m${index}`);
    const clearing = { ownerId: 1n, peerId: 2n, maxId: 0, minDate: 0, maxDate: 0, justClear: true, revoke: false, origin: undefined };
    expect(await t.messages.doDeleteHistory(clearing)).toEqual({ pts: 11, ptsCount: 5, offset: 0 });
    const content = await t.messages.project(1n, await t.box(1n));
    expect(content.messages).toMatchObject([{ _: 'messageService', action: { _: 'messageActionHistoryClear' } }]);
    expect((await t.dialogs.find(1n, [2n]))[0]).toMatchObject({ msg_count: 1, top_msg_id: 6 });
    expect(await t.messages.doDeleteHistory(clearing)).toEqual({ pts: 12, ptsCount: 0, offset: 0 });
    expect(await t.box(2n)).toHaveLength(5);
    await t.messages.doDeleteHistory({ ...clearing, ownerId: 2n, peerId: 1n, justClear: false, revoke: true });
    expect(await t.box(2n)).toEqual([]);
  });

  const deletion = { ownerId: 1n, peerId: 2n, maxId: 0, minDate: 0, maxDate: 0, justClear: false, revoke: true, origin: undefined };

  test('long histories are deleted in slices', async () => {
    await Promise.all(Array.from({ length: 620 }, (_, index) => t.send(1n, 2n, `m${index}`)));
    expect(await t.messages.doDeleteHistory(deletion)).toMatchObject({ ptsCount: 500, offset: 1 });
    expect(await t.messages.doDeleteHistory(deletion)).toMatchObject({ ptsCount: 120, offset: 0 });
    expect([await t.box(1n), await t.box(2n)]).toEqual([[], []]);
  });

  test('deleting for both includes messages that only the other side has, in slices, and updates its devices', async () => {
    await Promise.all(Array.from({ length: 620 }, (_, index) => t.send(1n, 2n, `m${index}`)));
    await t.send(2n, 3n, 'to another');
    const theirs = newClient();
    await catchUp(2n, theirs);
    await t.messages.doDelete({ ownerId: 1n, msgIds: (await t.box(1n)).slice(0, 610).map((row) => row.msg_id), revoke: false, origin: undefined });
    expect(await t.messages.doDeleteHistory(deletion)).toMatchObject({ ptsCount: 10, offset: 1 });
    expect(await t.box(2n)).toHaveLength(111);
    const { pts } = await t.updates.findState(1n);
    expect(await t.messages.doDeleteHistory(deletion)).toEqual({ pts, ptsCount: 0, offset: 0 });
    expect(await t.messages.doDeleteHistory(deletion)).toEqual({ pts, ptsCount: 0, offset: 0 });
    expect((await t.box(2n)).map((row) => row.text)).toEqual(['to another']);
    expect((await t.dialogs.find(2n, [1n]))[0]).toMatchObject({ msg_count: 0, unread_count: 0, top_msg_id: 0 });
    await catchUp(2n, theirs);
    expect(theirs.texts).toEqual(textsOf(await t.box(2n)));
  });

  test('deleting up to an id covers the same messages on the other side', async () => {
    await t.send(2n, 3n, 'shifts ids');
    const rows: MessageRow[] = [];
    for (let index = 0; index < 6; index++) rows.push(await t.send(1n, 2n, `m${index}`));
    // Messages deleted on this side stay on the other: m0, m3 and m4, of which m4 lies at the boundary.
    await t.messages.doDelete({ ownerId: 1n, msgIds: [0, 3, 4].map((at) => rows[at]!.msg_id), revoke: false, origin: undefined });
    expect(await t.messages.doDeleteHistory({ ...deletion, maxId: rows[3]!.msg_id })).toMatchObject({ ptsCount: 2, offset: 0 });
    for (const owner of [1n, 2n]) {
      expect((await t.box(owner)).filter((row) => row.peer_id !== 3n).map((row) => row.text)).toEqual(['m5']);
    }
    expect(await t.messages.doDeleteHistory({ ...deletion, maxId: rows[3]!.msg_id })).toMatchObject({ ptsCount: 0, offset: 0 });
    expect(await t.box(2n)).toHaveLength(2);
  });

  test('a date range covers the same messages on both sides and keeps the service message of a clearing', async () => {
    const dates: number[] = [];
    for (let index = 0; index < 4; index++) {
      await t.clock.advance(10_000);
      dates.push((await t.send(1n, 2n, `m${index}`)).date);
    }
    await t.messages.doDeleteHistory({ ...deletion, justClear: true, revoke: false });
    expect(await t.messages.doDeleteHistory({ ...deletion, minDate: dates[1]!, maxDate: dates[2]! })).toMatchObject({ ptsCount: 0, offset: 0 });
    expect((await t.box(2n)).map((row) => row.text)).toEqual(['m0', 'm3']);
    await t.messages.doDeleteHistory({ ...deletion, minDate: dates[0]! });
    expect([(await t.box(1n)).length, (await t.box(2n)).length]).toEqual([1, 0]);
    expect(() => t.messages.doDeleteHistory({ ...deletion, minDate: 2, maxDate: 1 })).toThrow('MIN_DATE_INVALID');
    expect(() => t.messages.doDeleteHistory({ ...deletion, maxDate: -1 })).toThrow('MAX_DATE_INVALID');
    expect(() => t.messages.doDeleteHistory({ ...deletion, maxId: -1 })).toThrow('MESSAGE_ID_INVALID');
  });

  test('clearing for both empties the other side in slices too, and leaves one service message', async () => {
    await Promise.all(Array.from({ length: 510 }, (_, index) => t.send(1n, 2n, `m${index}`)));
    await t.messages.doDelete({ ownerId: 1n, msgIds: (await t.box(1n)).slice(1).map((row) => row.msg_id), revoke: false, origin: undefined });
    const clearing = { ...deletion, justClear: true };
    expect(await t.messages.doDeleteHistory(clearing)).toMatchObject({ ptsCount: 1, offset: 1 });
    expect(await t.messages.doDeleteHistory(clearing)).toMatchObject({ ptsCount: 0, offset: 0 });
    expect((await t.messages.project(1n, await t.box(1n))).messages).toMatchObject([{ action: { _: 'messageActionHistoryClear' } }]);
    expect(await t.box(2n)).toEqual([]);
  });
});
