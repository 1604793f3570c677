import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { updateChannel } from '../../src/chats/index.ts';
import type { PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { plainText } from '../messaging-fixture.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const DAY_MS = 86_400_000;
const KIB = 1024;

describe('the difference of a channel', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1000n;
  beforeAll(async () => {
    world = await createWorld({ channelLogEvents: 1000 });
    people = await signUpPeople(world, 3);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const at = (channelId: bigint) => world.domain.channels.at(channelId);
  const marked = (channelId: bigint): bigint => markPeer({ _: 'peerChannel', channel_id: channelId });

  /** A supergroup of the first two people. */
  async function create(): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    await at(channelId).members.doInvite(by(0), people.slice(1, 2));
    return channelId;
  }

  async function send(channelId: bigint, text: string): Promise<PostRow> {
    const parts = [{ randomId: ++randomId, text, flags: 0, extra: {}, answers: undefined }];
    const [post] = await at(channelId).posts.doSend({ ...by(0), parts, reply: undefined, signature: '' });
    return post!;
  }
  const edit = (channelId: bigint, msgId: number, text: string) => at(channelId).posts.doEdit({ ...by(0), msgId, text: plainText(text), noWebpage: false, invertMedia: false });

  /** Repeats the newest message of a channel many times, faster than sending. */
  async function repeatPost(channelId: bigint, times: number): Promise<void> {
    await sql`
      INSERT INTO channel_messages
      SELECT copy.* FROM channel_messages AS m JOIN channel_heads AS h ON h.channel_id = m.channel_id AND h.top_msg_id = m.msg_id, generate_series(1, ${times}::integer) AS n,
        LATERAL jsonb_populate_record(m, jsonb_build_object('msg_id', m.msg_id + n, 'pts', m.pts + n, 'ordinal', m.ordinal + n)) AS copy
       WHERE m.channel_id = ${channelId}`.execute(world.db.q);
    await sql`UPDATE channel_heads SET top_msg_id = top_msg_id + ${times}::integer, ordinal = ordinal + ${times}::integer WHERE channel_id = ${channelId}`.execute(world.db.q);
    await sql`UPDATE channel_members SET own_posts = own_posts + ${times}::integer WHERE channel_id = ${channelId} AND user_id = ${person(0)}`.execute(world.db.q);
    await sql`UPDATE counters SET pts = pts + ${times}::integer, next_msg_id = next_msg_id + ${times}::integer WHERE owner_id = ${marked(channelId)}`.execute(world.db.q);
  }

  async function ask(channelId: bigint, n: number, pts: number, limit = 100): Promise<tl.updates.ChannelDifference> {
    const peer = await world.domain.peers.accessInputChannel(person(n), { _: 'inputChannel', channel_id: channelId, access_hash: world.domain.accessHashes.of('channel', person(n), channelId) });
    return (await world.domain.channelUpdates.findDifference(person(n), peer, { pts, limit })).difference;
  }

  /** Reads slices until the end. */
  async function readThrough(channelId: bigint, n: number, from: number, limit = 100): Promise<tl.updates.channelDifference[]> {
    const slices: tl.updates.channelDifference[] = [];
    for (let pts = from; ; ) {
      const slice = await ask(channelId, n, pts, limit);
      if (slice._ !== 'updates.channelDifference') throw new Error(slice._);
      slices.push(slice);
      if (slice.final === true) return slices;
      expect(slice.timeout).toBeUndefined();
      pts = slice.pts;
    }
  }
  const ptsOf = async (channelId: bigint): Promise<number> => (await at(channelId).posts.findState(0n)).pts;
  const prune = (): Promise<void> => world.domain.channelLogs.doPrune(new AbortController().signal);
  /** Notes how far search has read a channel. */
  async function index(channelId: bigint, pts: number): Promise<void> {
    const state = { owner_id: marked(channelId), indexed_pts: pts };
    await world.db.q.insertInto('search_state').values(state).onConflict((oc) => oc.column('owner_id').doUpdateSet(state)).execute();
  }
  const logged = async (channelId: bigint): Promise<number> => (await world.db.q.selectFrom('update_log').select('pts').where('owner_id', '=', marked(channelId)).execute()).length;

  it('ends a slice by bytes as well as by count, whatever mix of posts and edits fills it', async () => {
    const channelId = await create();
    const from = await ptsOf(channelId);
    await send(channelId, 'long');
    await repeatPost(channelId, 59);
    await sql`UPDATE channel_messages SET text = repeat('x', ${100 * KIB}::integer) WHERE channel_id = ${channelId} AND text = 'long'`.execute(world.db.q);
    const slices = await readThrough(channelId, 1, from);
    expect(slices.flatMap((slice) => slice.new_messages.map((message) => message.id))).toEqual(Array.from({ length: 60 }, (_, i) => i + 3));
    // A megabyte is filled by the eleventh message.
    expect(slices.map((slice) => slice.new_messages.length)).toEqual([11, 11, 11, 11, 11, 5]);
    // Edits count with the size of the message; that of one message is counted once.
    const afterPosts = await ptsOf(channelId);
    for (let msgId = 3; msgId < 23; msgId++) {
      for (const text of ['edited', 'edited again']) await edit(channelId, msgId, text);
    }
    await sql`UPDATE channel_messages SET text = repeat('x', ${100 * KIB}::integer) WHERE channel_id = ${channelId} AND text LIKE 'edited%'`.execute(world.db.q);
    const edits = await readThrough(channelId, 1, afterPosts);
    expect(edits.map((slice) => slice.other_updates.length)).toEqual([11, 10]);
    expect(edits.at(-1)!.pts).toBe(await ptsOf(channelId));
  });

  it('comes in slices to those who are at most 1,000 events behind, or want more at once', async () => {
    const channelId = await create();
    const from = await ptsOf(channelId);
    await send(channelId, 'copied');
    await repeatPost(channelId, 999);
    const ids = (slices: tl.updates.channelDifference[]): number => slices.flatMap((slice) => slice.new_messages).length;
    expect(ids(await readThrough(channelId, 1, from))).toBe(1000);
    await at(channelId).posts.doRead(person(1), 12);
    await at(channelId).posts.doDelete(by(0), [20, 21]);
    const pts = await ptsOf(channelId);
    expect(await ask(channelId, 1, from)).toMatchObject({
      _: 'updates.channelDifferenceTooLong',
      final: true,
      timeout: 30,
      dialog: { pts, top_message: 1002, unread_count: 988, read_inbox_max_id: 12 },
      messages: [{ id: 1002 }],
    });
    // The two that were deleted are passed over.
    expect(await ask(channelId, 1, from + 2)).toMatchObject({ _: 'updates.channelDifference', pts: from + 104 });
    // Bots want up to 100,000 events and get no newer message instead.
    expect(ids(await readThrough(channelId, 1, from, 100_000))).toBe(998);
    // Somebody who knows nothing of the channel wants no events.
    expect(await ask(channelId, 1, 1, 1)).toMatchObject({ _: 'updates.channelDifferenceTooLong', dialog: { pts } });
  });

  it('cannot begin where the log of edits and deletions was cut', async () => {
    const channelId = await create();
    const untouched = await create();
    const { msg_id: msgId } = await send(channelId, 'a text');
    const start = await ptsOf(channelId);
    for (let n = 0; n < 450; n++) await edit(channelId, msgId, `text ${n}`);
    await world.clock.advance(31 * DAY_MS);
    await edit(channelId, msgId, 'new');
    await edit(channelId, msgId, 'newer');
    const end = await ptsOf(channelId);
    expect(await ask(channelId, 1, start)).toMatchObject({ _: 'updates.channelDifference' });
    // Search has yet to read them.
    await index(channelId, start);
    await prune();
    expect(await logged(channelId)).toBe(452);
    await index(channelId, end);
    await prune();
    expect(await logged(channelId)).toBe(2);
    expect(await ask(channelId, 1, end - 3)).toMatchObject({ _: 'updates.channelDifferenceTooLong', dialog: { pts: end } });
    expect(await ask(channelId, 1, end - 2)).toMatchObject({ _: 'updates.channelDifference', other_updates: [{ message: { message: 'newer' } }] });
    expect(await world.domain.channelUpdates.listEventsSince(marked(channelId), end - 3, 100)).toMatchObject({ more: true });
    expect(await ask(untouched, 1, 2)).toMatchObject({ _: 'updates.channelDifference' });
  });

  it('keeps as many events of the log as the setting says, however young the others are', async () => {
    const channelId = await create();
    const { msg_id: msgId } = await send(channelId, 'a text');
    await edit(channelId, msgId, 'b');
    await edit(channelId, msgId, 'c');
    const pts = await ptsOf(channelId);
    await repeatPost(channelId, 999);
    await index(channelId, pts);
    await prune();
    expect(await logged(channelId)).toBe(1);
    expect(await ask(channelId, 1, pts - 2, 5000)).toMatchObject({ _: 'updates.channelDifferenceTooLong' });
    expect(await ask(channelId, 1, pts - 1, 5000)).toMatchObject({ _: 'updates.channelDifference' });
  });

  it('is given to strangers if the channel is public, and to nobody who was banned', async () => {
    const channelId = await create();
    await send(channelId, 'news');
    expect(await errorOf(ask(channelId, 2, 1))).toBe('CHANNEL_PRIVATE');
    await world.db.transact('publish', (tx) => updateChannel(tx, channelId, { username: 'strangers' }));
    await world.restart();
    const whole = await ask(channelId, 2, 1);
    expect(whole).toMatchObject({ _: 'updates.channelDifference', final: true, timeout: 30, pts: 4 });
    expect(await ask(channelId, 2, 4)).toEqual({ _: 'updates.channelDifferenceEmpty', final: true, pts: 4, timeout: 30 });
    expect(await ask(channelId, 2, 1, 1)).toMatchObject({ _: 'updates.channelDifferenceTooLong', dialog: { pts: 4, top_message: 3, unread_count: 0 }, chats: [{ left: true }] });
    await at(channelId).members.doEditBanned({ ...by(0), userId: person(2), rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    expect(await errorOf(ask(channelId, 2, 4))).toBe('CHANNEL_PRIVATE');
  });
});
