import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ChannelMemberRow, updateChannel } from '../../src/chats/index.ts';
import type { PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const MEMBERS_MAX = 250;

describe('channels', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1000n;
  beforeAll(async () => {
    world = await createWorld({ supergroupMembersMax: MEMBERS_MAX });
    people = await signUpPeople(world, 4);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const at = (channelId: bigint) => world.domain.channels.at(channelId);

  async function create(kind: 'megagroup' | 'broadcast' = 'megagroup', { owner = 0, ...more }: { randomId?: bigint; owner?: number } = {}): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(owner), kind, title: 'A channel', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN, ...more });
    return -first.owner_id - 10n ** 12n;
  }

  async function send(n: number, channelId: bigint, text = 'hello', more: { randomId?: bigint; reply?: { msgId: number; quote: undefined } } = {}): Promise<PostRow> {
    const parts = [{ randomId: more.randomId ?? ++randomId, text, flags: 0, extra: {} }];
    const [post] = await at(channelId).posts.doSend({ ...by(n), parts, reply: more.reply, signature: `Person ${n}` });
    return post!;
  }

  const headOf = (channelId: bigint) => world.db.q.selectFrom('channel_heads').selectAll().where('channel_id', '=', channelId).executeTakeFirstOrThrow();
  const memberOf = (channelId: bigint, n: number): Promise<ChannelMemberRow> =>
    world.db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', channelId).where('user_id', '=', person(n)).executeTakeFirstOrThrow();
  const setMember = (channelId: bigint, n: number, change: Partial<ChannelMemberRow>): Promise<unknown> =>
    world.db.q.updateTable('channel_members').set(change).where('channel_id', '=', channelId).where('user_id', '=', person(n)).execute();
  const unreadOf = async (channelId: bigint, n: number): Promise<number> => {
    const [dialog] = await world.domain.dialogs.find(person(n), [markPeer({ _: 'peerChannel', channel_id: channelId })]);
    return dialog!.unread_count;
  };

  /** Adds subscribers who exist only as rows. */
  async function fill(channelId: bigint, count: number): Promise<void> {
    await sql`INSERT INTO channel_members (channel_id, user_id, status, role, date) SELECT ${channelId}, 500000000 + n, 'member', 'member', 1 FROM generate_series(1, ${count}::integer) AS n`.execute(world.db.q);
    await sql`INSERT INTO dialogs (owner_id, peer_id, top_msg_id) SELECT 500000000 + n, ${markPeer({ _: 'peerChannel', channel_id: channelId })}::bigint, 1 FROM generate_series(1, ${count}::integer) AS n`.execute(world.db.q);
    await sql`UPDATE channel_heads SET members = members + ${count}::integer WHERE channel_id = ${channelId}`.execute(world.db.q);
  }

  /** The number of rows in each table that the transaction of a post has written. */
  async function rowsWrittenBy(channelId: bigint, { msg_id: msgId }: PostRow): Promise<Record<string, number>> {
    const { rows: tables } = await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`.execute(world.db.q);
    const { rows: [by] } = await sql<{ xid: string }>`SELECT xmin::text AS xid FROM channel_messages WHERE channel_id = ${channelId} AND msg_id = ${msgId}`.execute(world.db.q);
    const written: Record<string, number> = {};
    for (const { name } of tables) {
      const { rows } = await sql<{ n: bigint }>`SELECT count(*) AS n FROM ${sql.table(name)} WHERE xmin::text = ${by!.xid}`.execute(world.db.q);
      if (rows[0]!.n > 0n) written[name] = Number(rows[0]!.n);
    }
    return written;
  }

  it('are created once, however often the same call comes', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => create('megagroup', { randomId: 77n })));
    await world.restart();
    ids.push(await create('megagroup', { randomId: 77n }));
    expect(new Set(ids).size).toBe(1);
    expect(await world.db.q.selectFrom('channel_messages').selectAll().where('channel_id', '=', ids[0]!).execute()).toHaveLength(1);
  });

  it('write as many rows for a post to 1,000 subscribers as for a post to 10', async () => {
    const written: Record<string, number>[] = [];
    for (const count of [10, 1000]) {
      const channelId = await create('broadcast');
      await fill(channelId, count);
      written.push(await rowsWrittenBy(channelId, await send(0, channelId)));
    }
    expect(written[0]).toMatchObject({ channel_messages: 1, channel_heads: 1, channel_members: 1, counters: 1, send_keys: 1 });
    expect(written[0]).not.toHaveProperty('dialogs');
    expect(written[1]).toEqual(written[0]);
  });

  it('number posts of many writers densely, and each send once', async () => {
    const channelId = await create();
    await at(channelId).members.doInvite(by(0), people.slice(1));
    const sends = Array.from({ length: 40 }, (_, n) => ({ writer: n % 4, randomId: 50_000n + BigInt(n) }));
    const posts = await Promise.all(sends.map(({ writer, randomId: id }) => send(writer, channelId, `${writer}`, { randomId: id })));
    await world.restart();
    const again = await Promise.all(sends.map(({ writer, randomId: id }) => send(writer, channelId, `${writer}`, { randomId: id })));
    expect(again.map((row) => row.msg_id)).toEqual(posts.map((row) => row.msg_id));
    const rows = await world.db.q.selectFrom('channel_messages').selectAll().where('channel_id', '=', channelId).orderBy('msg_id').execute();
    expect(rows.map((row) => row.msg_id)).toEqual(Array.from({ length: 42 }, (_, n) => n + 1));
    expect(rows.map((row) => row.pts)).toEqual(Array.from({ length: 42 }, (_, n) => n + 2));
    expect(rows.map((row) => row.ordinal)).toEqual(rows.map((row) => row.msg_id));
    expect(await headOf(channelId)).toMatchObject({ top_msg_id: 42, ordinal: 42, members: 4 });
    expect(await memberOf(channelId, 1)).toMatchObject({ own_posts: 10 });
    await expect(errorOf(send(2, channelId, 'x', { randomId: 50_001n }))).resolves.toBe('RANDOM_ID_DUPLICATE');
  });

  it('derive the unread count of each member from what was posted and read', async () => {
    const channelId = await create();
    await at(channelId).members.doInvite(by(0), people.slice(1));
    let seed = 7;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const marks = [1, 1, 1, 1];
    const posters: number[] = [0, 0];
    const gone = new Set<number>();
    for (let step = 0; step < 160; step++) {
      const n = next(4);
      const kind = next(6);
      if (kind > 2) {
        await send(n, channelId);
        posters.push(n);
      } else if (kind === 2) {
        // The creator may delete what others wrote.
        const msgId = 2 + next(posters.length - 1);
        const { ptsCount } = await at(channelId).posts.doDelete(by(0), [msgId]);
        expect(ptsCount).toBe(gone.has(msgId) ? 0 : 1);
        gone.add(msgId);
      } else {
        const maxId = 1 + next(posters.length + 3);
        await at(channelId).posts.doRead(person(n), maxId);
        const top = Math.max(...posters.map((_, index) => (gone.has(index + 1) ? 0 : index + 1)));
        marks[n] = Math.max(marks[n]!, Math.min(maxId, top));
      }
      for (let who = 0; who < 4; who++) {
        const unread = posters.filter((poster, index) => poster !== who && index + 1 > marks[who]! && !gone.has(index + 1)).length;
        expect(await unreadOf(channelId, who), `step ${step}, person ${who}`).toBe(unread);
      }
    }
    expect((await at(channelId).posts.findState(person(0))).count).toBe(posters.length - gone.size);
  });

  it('let in people who come by themselves only if they are public', async () => {
    const channelId = await create();
    expect(await errorOf(at(channelId).members.doJoin(by(1)))).toBe('CHANNEL_PRIVATE');
    await world.db.transact('publish', (tx) => updateChannel(tx, channelId, { username: 'climbing' }));
    const { updates } = await at(channelId).members.doJoin(by(1));
    expect(updates.map((update) => update._)).toEqual(['updateChannel', 'updateNewChannelMessage']);
    expect(await errorOf(at(channelId).members.doJoin(by(1)))).toBe('USER_ALREADY_PARTICIPANT');
    expect(await unreadOf(channelId, 1)).toBe(0);
    await setMember(channelId, 2, { status: 'banned' });
    await at(channelId).members.doLeave(by(1));
    expect(await headOf(channelId)).toMatchObject({ members: 1 });
    expect(await errorOf(at(channelId).members.doLeave(by(1)))).toBe('USER_NOT_PARTICIPANT');
  });

  it('do not number a post of somebody whose ban was acknowledged', async () => {
    const channelId = await create();
    await at(channelId).members.doInvite(by(0), people.slice(1));
    const sends = Array.from({ length: 100 }, (_, n) => ({ n, sent: undefined as PostRow | undefined }));
    const racing = sends.map(async (one) => {
      one.sent = await send(1, channelId).catch(() => undefined);
    });
    // The ban is taken under the same lock as the posts.
    await world.db.transact('ban', async (tx) => {
      await tx.lockCounters([markPeer({ _: 'peerChannel', channel_id: channelId })]);
      await tx.q.updateTable('channel_members').set({ status: 'banned', banned_rights: 1 }).where('channel_id', '=', channelId).where('user_id', '=', person(1)).execute();
    });
    const { top_msg_id: top } = await headOf(channelId);
    await Promise.all(racing);
    for (const { sent } of sends) expect(sent?.msg_id ?? 0).toBeLessThanOrEqual(top);
    expect(await errorOf(send(1, channelId))).toBe('CHANNEL_PRIVATE');
  });

  it('that are banned in a group write nothing there, nor does who owned them then, whoever owns them now', async () => {
    const mark = (channelId: bigint): bigint => markPeer({ _: 'peerChannel', channel_id: channelId });
    const [group, news, sports, music] = [await create(), await create('broadcast', { owner: 1 }), await create('broadcast', { owner: 1 }), await create('broadcast', { owner: 2 })] as const;
    for (const channelId of [group, news, sports, music]) await world.db.transact('name', (tx) => updateChannel(tx, channelId, { username: `name_${channelId}` }));
    for (const n of [1, 2]) await at(group).members.doJoin(by(n));
    await at(news).members.doJoin(by(2));
    const mayWriteAs = async (n: number, channelId: bigint): Promise<boolean> => (await errorOf(at(group).members.doSaveSendAs(by(n), mark(channelId)))) === 'no error';
    const ban = (view_messages: true | undefined): Promise<unknown> =>
      at(group).members.doEditBannedChannel({ ...by(0), authorId: mark(news), rights: { _: 'chatBannedRights', view_messages, until_date: 0 } });

    await ban(true);
    await at(news).members.doTransfer(by(1), people[2]!);
    // Carol owns the banned channel now, Bob owned it when it was banned.
    expect(await Promise.all([mayWriteAs(1, sports), mayWriteAs(2, news), mayWriteAs(2, music)])).toEqual([false, false, true]);
    expect([await at(group).members.listSendAs(person(1)), await at(group).members.listSendAs(person(2))]).toEqual([[person(1)], [person(2), mark(music)]]);
    await ban(undefined);
    expect(await Promise.all([mayWriteAs(1, sports), mayWriteAs(2, news)])).toEqual([true, true]);
  });

  it('make members wait in slow mode, but not admins', async () => {
    const channelId = await create();
    await at(channelId).members.doInvite(by(0), people.slice(1));
    await world.db.transact('slow', (tx) => updateChannel(tx, channelId, { slow_mode_seconds: 30 }));
    await send(1, channelId);
    expect(await errorOf(send(1, channelId))).toBe('SLOWMODE_WAIT_30');
    await send(0, channelId);
    await send(0, channelId);
    await world.clock.advance(31_000);
    await send(1, channelId);
  });

  it('count an alert that somebody has come close as a message in slow mode', async () => {
    const channelId = await create();
    await at(channelId).members.doInvite(by(0), people.slice(1));
    const [moved, other] = [await send(1, channelId), await send(2, channelId)];
    await world.db.transact('slow', (tx) => updateChannel(tx, channelId, { slow_mode_seconds: 30 }));
    const action = { _: 'messageActionGeoProximityReached', from_id: { _: 'peerUser', user_id: person(1) }, to_id: { _: 'peerUser', user_id: person(2) }, distance: 9 } as const;
    const alert = () => at(channelId).posts.doAlert({ ...by(1), movedId: moved.msg_id, otherId: other.msg_id, action });
    await alert();
    expect(await errorOf(alert())).toBe('SLOWMODE_WAIT_30');
    expect(await errorOf(send(1, channelId))).toBe('SLOWMODE_WAIT_30');
  });

  it('count what is added to polls and checklists of others as a message in slow mode, but no tick', async () => {
    const channelId = await create();
    await at(channelId).members.doInvite(by(0), people.slice(1));
    const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
    const open = async (media: tl.MessageMedia): Promise<number> =>
      (await at(channelId).posts.doSend({ ...by(0), parts: [{ randomId: ++randomId, text: '', flags: 0, extra: { media } }], reply: undefined, signature: '' }))[0]!.msg_id;
    const answer = (text: string): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: words(text) });
    const poll: tl.poll = { _: 'poll', id: 0n, question: words('Which?'), answers: [answer('red')], open_answers: true, hash: 0n };
    const ofPoll = await open(await world.domain.polls.doCreate({ creatorId: person(0), placeId: markPeer({ _: 'peerChannel', channel_id: channelId }), input: { _: 'inputMediaPoll', poll }, solution: undefined, kind: 'group', sendDate: world.clock.now() }));
    const item = (id: number): tl.todoItem => ({ _: 'todoItem', id, title: words('task') });
    const ofList = await open({ _: 'messageMediaToDo', todo: { _: 'todoList', others_can_append: true, others_can_complete: true, title: words('List'), list: [item(1)] } });
    await world.db.transact('slow', (tx) => updateChannel(tx, channelId, { slow_mode_seconds: 30 }));
    const add = (text: string) => at(channelId).posts.doAct({ ...by(1), msgId: ofPoll, act: { of: 'answers', change: { kind: 'add', answer: answer(text) } } });
    const append = (id: number) => at(channelId).posts.doAct({ ...by(1), msgId: ofList, act: { of: 'tasks', change: { kind: 'append', items: [item(id)] } } });
    await add('green');
    expect([await errorOf(add('blue')), await errorOf(append(2)), await errorOf(send(1, channelId))]).toEqual(['SLOWMODE_WAIT_30', 'SLOWMODE_WAIT_30', 'SLOWMODE_WAIT_30']);
    await at(channelId).posts.doAct({ ...by(1), msgId: ofList, act: { of: 'tasks', change: { kind: 'toggle', completed: [1], incompleted: [] } } });
    await world.clock.advance(31_000);
    await append(2);
    expect(await errorOf(add('blue'))).toBe('SLOWMODE_WAIT_30');
  });

  it('refuse a reply to a message that they do not have', async () => {
    const channelId = await create();
    const { msg_id: msgId } = await send(0, channelId);
    expect(await send(0, channelId, 'a reply', { reply: { msgId, quote: undefined } })).toMatchObject({ reply_to_msg_id: msgId });
    expect(await errorOf(send(0, channelId, 'a reply', { reply: { msgId: 99, quote: undefined } }))).toBe('REPLY_MESSAGE_ID_INVALID');
  });

  it('read the same events as a difference, however it is cut', async () => {
    const channelId = await create();
    const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
    for (let n = 0; n < 7; n++) await send(0, channelId, `${n}`);
    const { channelUpdates } = world.domain;
    const whole = await channelUpdates.listEventsSince(peerId, 1, 100);
    expect(whole).toMatchObject({ pts: 9, more: false });
    const parts: number[] = [];
    for (let pts = 1, more = true; more; ) {
      const slice = await channelUpdates.listEventsSince(peerId, pts, 3);
      parts.push(...slice.events.map((event) => event.pts));
      ({ pts, more } = slice);
    }
    expect(parts).toEqual(whole.events.map((event) => event.pts));
    expect(await channelUpdates.projectEvents(person(1), peerId, whole.events)).toBeUndefined();
  });
});
