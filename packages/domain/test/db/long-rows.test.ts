import { encode, type tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';
import { sql } from '@aerogram/storage';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { EXTRA_MAX_BYTES } from '../../src/events/message-row.ts';
import { openMessaging, plainText, type MessagingFixture } from '../messaging-fixture.ts';

const [ALICE, BOB] = [10n, 18n] as const;
/** The longest text, using the most bytes. */
const LONG = 'あ'.repeat(4096);
const MIB = 1024 * 1024;

let t: MessagingFixture;
beforeEach(async () => {
  t = await openMessaging();
});
afterEach(() => t[Symbol.asyncDispose]());

interface Caught {
  messages: tl.Message[];
  updates: tl.Update[];
  /** Bytes of each answer. */
  sizes: number[];
}

/** Asks for differences as a client does, until there are no more. */
async function catchUp(owner: bigint, from: { pts: number; date: number }, ptsLimit?: number): Promise<Caught> {
  const caught: Caught = { messages: [], updates: [], sizes: [] };
  let { pts, date } = from;
  for (let rounds = 0; rounds < 1000; rounds++) {
    const { difference } = await t.updates.findDifference(owner, { pts, date, ptsLimit, ptsTotalLimit: undefined });
    caught.sizes.push(encode(difference).length);
    if (difference._ === 'updates.differenceEmpty' || difference._ === 'updates.differenceTooLong') return caught;
    caught.messages.push(...difference.new_messages);
    caught.updates.push(...difference.other_updates);
    const state = difference._ === 'updates.difference' ? difference.state : difference.intermediate_state;
    if (difference._ === 'updates.difference') return caught;
    expect([state.pts, state.date]).not.toEqual([pts, date]);
    ({ pts, date } = state);
  }
  throw new Error('the difference has no end');
}

const textsOf = ({ messages }: Caught): string[] => messages.map((message) => (message._ === 'message' ? message.message.slice(0, 8) : message._));
const saveDraft = (peerId: bigint, message: string): Promise<void> =>
  t.dialogs.doSaveDraft(BOB, { peerId }, { _: 'draftMessage', message, date: t.clock.now() }, undefined);

describe('a difference', () => {
  test('is cut by bytes, and every event arrives once and in order', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `n${String(n).padStart(6, '0')}`);
    for (const name of names) await t.send(ALICE, BOB, `${name} ${LONG.slice(9)}`);
    const caught = await catchUp(BOB, { pts: 1, date: 1 });
    expect(textsOf(caught).map((text) => text.trim())).toEqual(names);
    expect(caught.sizes.length).toBeGreaterThan(2);
    expect(Math.max(...caught.sizes)).toBeLessThan(1.2 * MIB);
    // The client's own limits also apply.
    expect(textsOf(await catchUp(BOB, { pts: 1, date: 1 }, 7))).toEqual(textsOf(caught));
  });

  test('has one edit of a message that was edited often', async () => {
    const { msg_id: msgId } = await t.send(ALICE, BOB, LONG);
    const { pts } = await t.updates.readPosition(BOB);
    for (let n = 0; n < 300; n++) {
      await t.messages.doEdit(t.peer(ALICE, BOB), { ownerId: ALICE, msgId, text: plainText(`${n} ${LONG.slice(8)}`), noWebpage: false, invertMedia: false, origin: undefined });
    }
    const { updates, sizes } = await catchUp(BOB, { pts, date: 1 });
    expect(updates).toMatchObject([{ _: 'updateEditMessage', message: { message: expect.stringMatching(/^299 /) as string } }]);
    expect(sizes).toHaveLength(1);
  });

  test('is also cut between updates without pts, at seconds', async () => {
    await t.send(ALICE, BOB, 'hello');
    const { pts } = await t.updates.readPosition(BOB);
    const since = t.clock.now();
    for (let n = 0; n < 200; n++) {
      await saveDraft(ALICE, `${n} ${LONG.slice(8)}`);
      if (n % 20 === 19) await t.clock.advance(1000);
    }
    const { updates, sizes } = await catchUp(BOB, { pts, date: since });
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(1.6 * MIB);
    const drafts = updates.flatMap((update) => (update._ === 'updateDraftMessage' && update.draft._ === 'draftMessage' ? [Number.parseInt(update.draft.message, 10)] : []));
    expect(new Set(drafts).size).toBe(200);
    expect(drafts.at(-1)).toBe(199);
    // Including the events that follow them.
    await t.send(ALICE, BOB, 'behind');
    expect(textsOf(await catchUp(BOB, { pts, date: since }))).toEqual(['behind']);
  });

  test('gets through when one second holds more than an answer, with the latest updates of it', async () => {
    await t.send(ALICE, BOB, 'hello');
    const { pts } = await t.updates.readPosition(BOB);
    const since = t.clock.now();
    for (let n = 0; n < 600; n++) await saveDraft(ALICE, `${n} ${LONG.slice(8)}`);
    await t.clock.advance(1000);
    await saveDraft(ALICE, 'the last one');
    const { updates, sizes } = await catchUp(BOB, { pts, date: since });
    expect(Math.max(...sizes)).toBeLessThan(5 * MIB);
    expect(updates.at(-1)).toMatchObject({ draft: { message: 'the last one' } });
    expect(updates.at(-2)).toMatchObject({ draft: { message: expect.stringMatching(/^599 /) as string } });
  });
});

describe('rows that an older server stored', () => {
  /** Entities of any length in the pieces of `message-extra.ts`, as older versions could store them. */
  function oldExtra(bytes: number): Uint8Array {
    const object = storedEncode({ _: 'messageEntityPre', offset: 0, length: 1, language: 'x'.repeat(bytes) });
    return Buffer.concat([Uint8Array.of(1, object.length & 255, (object.length >> 8) & 255, object.length >> 16), object]);
  }

  test('are read without the oversized part, however many there are', async () => {
    for (let n = 0; n < 120; n++) await t.send(ALICE, BOB, `message ${n}`);
    await sql`UPDATE messages SET extra = ${oldExtra(250_000)}`.execute(t.db.q);
    const caught = await catchUp(BOB, { pts: 1, date: 1 });
    expect(caught.messages).toHaveLength(120);
    expect(Math.max(...caught.sizes)).toBeLessThan(MIB);
    const rows = await t.messages.listHistory({ ownerId: BOB, peerId: ALICE, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 });
    expect(rows).toHaveLength(100);
    expect((await t.messages.project(BOB, rows)).messages[0]).toMatchObject({ message: 'message 119', entities: undefined });
    // Long values within the limit stay.
    await sql`UPDATE messages SET extra = ${oldExtra(EXTRA_MAX_BYTES - 100)}`.execute(t.db.q);
    expect((await t.messages.project(BOB, [...(await t.messages.find(BOB, [rows[0]!.msg_id])).values()])).messages[0]).toMatchObject({ entities: [{ offset: 0 }] });
    expect(Math.max(...(await catchUp(BOB, { pts: 1, date: 1 })).sizes)).toBeLessThan(1.2 * MIB);
  });

  test('are skipped in the log and among drafts', async () => {
    await t.send(ALICE, BOB, 'hello');
    const { pts } = await t.updates.readPosition(BOB);
    const since = t.clock.now();
    for (let n = 0; n < 3; n++) await saveDraft(ALICE, `draft ${n}`);
    const old = storedEncode({ _: 'updateDraftMessage', peer: { _: 'peerUser', user_id: ALICE }, draft: { _: 'draftMessage', message: 'x'.repeat(250_000), date: since } });
    await sql`UPDATE update_log SET payload = ${old} WHERE owner_id = ${BOB} AND sub = 2`.execute(t.db.q);
    const { updates } = await catchUp(BOB, { pts, date: since });
    expect(updates).toMatchObject([{ draft: { message: 'draft 0' } }, { draft: { message: 'draft 2' } }]);
    await sql`UPDATE dialogs SET draft = ${storedEncode({ _: 'draftMessage', message: 'x'.repeat(250_000), date: since })} WHERE owner_id = ${BOB}`.execute(t.db.q);
    expect(await t.dialogs.listDrafts(BOB)).toEqual([]);
    const { dialogs } = await t.dialogs.project(BOB, await t.dialogs.find(BOB, [ALICE]), true);
    expect(dialogs).toMatchObject([{ _: 'dialog', draft: undefined }]);
  });

  test('may be nested as deeply as a request, plus the levels that storing adds', async () => {
    await t.send(ALICE, BOB, 'hello');
    let peer: tl.InputPeer = { _: 'inputPeerSelf' };
    for (let depth = 0; depth < 62; depth++) peer = { _: 'inputPeerUserFromMessage', peer, msg_id: 1, user_id: 1n };
    const draft: tl.draftMessage = { _: 'draftMessage', message: 'x', date: 1, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 1, reply_to_peer_id: peer } };
    await sql`UPDATE dialogs SET draft = ${storedEncode(draft)} WHERE owner_id = ${BOB}`.execute(t.db.q);
    expect(await t.dialogs.listDrafts(BOB)).toHaveLength(1);
  });
});

describe('lists', () => {
  const listed = (window: { offsetId?: number; addOffset?: number; limit?: number }) =>
    t.messages.listHistory({ ownerId: BOB, peerId: ALICE, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, ...window });

  test('of messages are cut far from the offset, on both sides of it', async () => {
    for (let n = 0; n < 100; n++) await t.send(ALICE, BOB, LONG);
    await sql`UPDATE messages SET extra = ${Buffer.alloc(EXTRA_MAX_BYTES)}`.execute(t.db.q);
    const ids = (await t.box(BOB)).map((row) => row.msg_id);
    const newest = await listed({});
    expect(newest.length).toBeGreaterThan(20);
    expect(newest.length).toBeLessThan(50);
    expect(newest.map((row) => row.msg_id)).toEqual(ids.toReversed().slice(0, newest.length));
    const middle = ids[50]!;
    const older = await listed({ offsetId: middle });
    expect(older[0]!.msg_id).toBe(ids[49]);
    const newer = await listed({ offsetId: middle, addOffset: -100 });
    expect(newer.at(-1)!.msg_id).toBe(middle);
    const around = (await listed({ offsetId: middle, addOffset: -50 })).map((row) => row.msg_id);
    expect(around).toEqual(ids.filter((id) => id >= around.at(-1)! && id <= around[0]!).toReversed());
    expect(around.indexOf(middle)).toBeCloseTo(around.length / 2, -1);
    // Paging through them finds all messages.
    const found: number[] = [];
    for (let offsetId = 0; ; offsetId = found.at(-1)!) {
      const page = await listed({ offsetId });
      if (page.length === 0) break;
      found.push(...page.map((row) => row.msg_id));
    }
    expect(found).toEqual(ids.toReversed());
  });

  test('of dialogs and drafts are cut, and the next pages have the rest', async () => {
    const peers = Array.from({ length: 100 }, (_, n) => 1000n + BigInt(n) * 8n);
    for (const peer of peers) {
      await t.send(peer, BOB, LONG);
      await saveDraft(peer, LONG);
      await t.clock.advance(1000);
    }
    const page = await t.dialogs.list({ ownerId: BOB, folderId: undefined, excludePinned: false, offsetDate: 0, offsetId: 0, offsetPeerId: undefined, limit: 100 });
    const { dialogs, messages } = await t.dialogs.project(BOB, page.rows, false);
    expect(dialogs.length).toBeGreaterThan(50);
    expect(dialogs.length).toBeLessThan(100);
    expect(messages).toHaveLength(dialogs.length);
    const named = await t.dialogs.project(BOB, await t.dialogs.find(BOB, peers), true);
    expect(named.dialogs).toHaveLength(100);
    expect(encode({ _: 'messages.dialogs', ...named }).length).toBeLessThan(2.5 * MIB);
    const drafts = await t.dialogs.listDrafts(BOB);
    expect(drafts.length).toBe(100);
    await sql`UPDATE dialogs SET draft = ${storedEncode({ _: 'draftMessage', message: 'x'.repeat(40_000), date: 1 })} WHERE owner_id = ${BOB}`.execute(t.db.q);
    const newest = await t.dialogs.listDrafts(BOB);
    expect(newest.length).toBeLessThan(60);
    expect(newest[0]).toMatchObject({ peer: { user_id: peers.at(-1) } });
  });
});
