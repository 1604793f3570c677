import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { listOldPosts, projectPost } from '../../src/channel-state/index.ts';
import { TOPICS_MAX } from '../../src/channel-topics/index.ts';
import { BannedRight } from '../../src/chats/index.ts';
import { MessageFlag, type PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const GENERAL = 1;

describe('topics of a forum', () => {
  let world: World;
  let people: UserRow[];
  let channelId: bigint;
  let randomId = 1n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, ['Alice', 'Bob', 'Carol']);
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    channelId = -first.owner_id - 10n ** 12n;
    await group().members.doInvite(by(0), [people[1]!]);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const group = () => world.domain.channels.at(channelId);
  const create = (n: number, title: string): Promise<PostRow> =>
    group().topics.doCreate({ ...by(n), title, color: 0xffd67e, sendAs: undefined, randomId: ++randomId });
  async function send(n: number, to: { reply?: number; topicId?: number } = {}): Promise<PostRow> {
    const parts = [{ randomId: ++randomId, text: 'hello', flags: 0, extra: {} }];
    const reply = to.reply === undefined ? undefined : { msgId: to.reply, quote: undefined };
    return (await group().posts.doSend({ ...by(n), parts, reply, topicId: to.topicId, signature: '' }))[0]!;
  }
  const headerOf = (post: PostRow) => projectPost(post, person(0)).reply_to;
  const list = async (n: number) => (await group().topics.list({ viewerId: person(n), limit: 100 })).topics;
  const logged = (filters: number) => group().log.list(person(0), { q: '', filters, userIds: undefined, maxId: 0n, minId: 0n, limit: 100 });
  const unreadOf = async (n: number, topicId: number) => (await list(n)).find((topic) => topic.topic_id === topicId)?.unread;

  it('do not exist in a group that is no forum, and only its owner makes it one', async () => {
    await expect(create(0, 'Too early')).rejects.toThrow('CHANNEL_FORUM_MISSING');
    await expect(list(0)).rejects.toThrow('CHANNEL_FORUM_MISSING');
    await expect(group().settings.doSetForum(by(1), true, false)).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    await group().settings.doSetForum(by(0), true, true);
    await expect(group().settings.doSetForum(by(0), true, true)).rejects.toThrow('CHAT_NOT_MODIFIED');
    await expect(group().settings.doHideHistory(by(0), true)).rejects.toThrow('FORUM_ENABLED');
    await expect(group().settings.doMakeGigagroup(by(0))).rejects.toThrow('FORUM_ENABLED');
    expect((await list(1)).map(({ topic_id, title }) => [topic_id, title])).toEqual([[GENERAL, 'General']]);
    await expect(list(2)).rejects.toThrow('CHANNEL_PRIVATE');
  });

  it('are created once, whatever the number of repeats, and begin with a service message', async () => {
    const topic = { ...by(1), title: ' Cats ', color: 5, sendAs: undefined, randomId: ++randomId };
    const first = await group().topics.doCreate(topic);
    expect((await group().topics.doCreate(topic)).msg_id).toBe(first.msg_id);
    await expect(group().topics.doCreate({ ...topic, actorId: person(0) })).rejects.toThrow('RANDOM_ID_DUPLICATE');
    await expect(create(1, ' ')).rejects.toThrow('CHAT_TITLE_EMPTY');
    expect(projectPost(first, person(0))).toMatchObject({ _: 'messageService', action: { _: 'messageActionTopicCreate', title: 'Cats', icon_color: 0x6fb9f0 } });
    expect(headerOf(first)).toBeUndefined();
    expect((await list(0)).map(({ topic_id }) => topic_id)).toEqual([first.msg_id, GENERAL]);
    await expect(group().posts.doDelete(by(0), [first.msg_id])).rejects.toThrow('MESSAGE_DELETE_FORBIDDEN');
  });

  it('are not created by members to whom that is forbidden', async () => {
    const { row } = await group().settings.doEditDefaultRights(by(0), { _: 'chatBannedRights', manage_topics: true, until_date: 0 }).then(async () => ({
      row: await world.db.q.selectFrom('channels').select('default_rights').where('channel_id', '=', channelId).executeTakeFirstOrThrow(),
    }));
    expect(row.default_rights).toBe(BannedRight.manage_topics);
    await expect(create(1, 'No')).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    await group().settings.doEditDefaultRights(by(0), { _: 'chatBannedRights', until_date: 0 });
  });

  it('are named by the messages in them, and General is not', async () => {
    const { msg_id: topicId } = await create(0, 'Dogs');
    const one = await send(1, { reply: topicId });
    expect(headerOf(one)).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: topicId });
    const two = await send(0, { reply: one.msg_id, topicId });
    expect(headerOf(two)).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: one.msg_id, reply_to_top_id: topicId });
    const general = await send(1);
    expect(headerOf(general)).toBeUndefined();
    expect(general.top_id).toBe(GENERAL);
    expect(headerOf(await send(0, { reply: general.msg_id }))).toEqual({ _: 'messageReplyHeader', reply_to_msg_id: general.msg_id });
    await expect(send(0, { reply: one.msg_id, topicId: GENERAL })).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
    await expect(send(0, { topicId: 999_999 })).rejects.toThrow('TOPIC_ID_INVALID');
    const pin = await group().posts.doPin({ ...by(0), msgId: one.msg_id, pinned: true, silent: true });
    const notice = pin.updates.find((update) => update._ === 'updateNewChannelMessage');
    expect(notice?.message).toMatchObject({ reply_to: { forum_topic: true, reply_to_msg_id: one.msg_id, reply_to_top_id: topicId } });
  });

  it('count what is unread: neither own messages nor deleted ones', async () => {
    const { msg_id: topicId } = await create(0, 'Counted');
    const posts = [await send(0, { topicId }), await send(1, { topicId }), await send(0, { topicId })];
    expect([await unreadOf(0, topicId), await unreadOf(1, topicId)]).toEqual([1, 3]);
    await group().posts.doDelete(by(0), [posts[2]!.msg_id]);
    expect([await unreadOf(0, topicId), await unreadOf(1, topicId)]).toEqual([1, 2]);
    expect((await list(1))[0]).toMatchObject({ topic_id: topicId, top_msg_id: posts[1]!.msg_id });
  });

  it('are changed by their creators and by admins', async () => {
    const { msg_id: topicId } = await create(1, 'Birds');
    const { msg_id: ofAlice } = await create(0, 'Fish');
    const edit = group().topics.doEdit;
    await expect(edit({ ...by(1), topicId: ofAlice, title: 'Mine' })).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    await expect(edit({ ...by(1), topicId, title: 'Birds' })).rejects.toThrow('TOPIC_NOT_MODIFIED');
    await expect(edit({ ...by(1), topicId, title: 'Owls', closed: true })).rejects.toThrow('TOPIC_CLOSE_SEPARATELY');
    await expect(edit({ ...by(0), topicId, hidden: true })).rejects.toThrow('TOPIC_ID_INVALID');
    await expect(edit({ ...by(0), topicId: 999_999, title: 'None' })).rejects.toThrow('TOPIC_ID_INVALID');
    const { updates } = await edit({ ...by(1), topicId, title: 'Owls' });
    expect(updates).toMatchObject([{ _: 'updateNewChannelMessage', message: { action: { _: 'messageActionTopicEdit', title: 'Owls' }, reply_to: { forum_topic: true, reply_to_msg_id: topicId } } }]);
    await edit({ ...by(0), topicId: ofAlice, closed: true });
    await expect(send(1, { topicId: ofAlice })).rejects.toThrow('TOPIC_CLOSED');
    await send(0, { topicId: ofAlice });
    await edit({ ...by(0), topicId: GENERAL, hidden: true });
    await expect(send(1)).rejects.toThrow('TOPIC_CLOSED');
    await edit({ ...by(0), topicId: GENERAL, hidden: false });
    await expect(send(1)).rejects.toThrow('TOPIC_CLOSED');
    await edit({ ...by(0), topicId: GENERAL, hidden: true });
    await edit({ ...by(0), topicId: GENERAL, closed: false });
    await expect(edit({ ...by(0), topicId: GENERAL, hidden: false })).rejects.toThrow('TOPIC_NOT_MODIFIED');
    await send(1);
  });

  it('are pinned by admins, five at most, above the others and in their order', async () => {
    const ids = (await list(0)).map(({ topic_id }) => topic_id).slice(0, 5);
    const { msg_id: sixth } = await create(0, 'Sixth');
    await expect(group().topics.doPin(by(1), ids[0]!, true)).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    for (const id of ids) await group().topics.doPin(by(0), id, true);
    await expect(group().topics.doPin(by(0), sixth, true)).rejects.toThrow('PINNED_DIALOGS_TOO_MUCH');
    expect((await list(1)).map(({ topic_id }) => topic_id).slice(0, 6)).toEqual([...ids.toReversed(), sixth]);
    const { updates } = await group().topics.doReorderPinned(by(0), [ids[1]!, ids[0]!], true);
    expect(updates).toMatchObject([{ _: 'updatePinnedForumTopics', order: [ids[1], ids[0]] }]);
    const all = (await list(1)).map(({ topic_id }) => topic_id);
    expect(all.slice(0, 2)).toEqual([ids[1], ids[0]]);
    const paged: number[] = [];
    for (let after: { topicId: number; msgId: number } | undefined; ; ) {
      const { topics } = await group().topics.list({ viewerId: person(1), limit: 2, after });
      if (topics.length === 0) break;
      paged.push(...topics.map(({ topic_id }) => topic_id));
      after = { topicId: topics.at(-1)!.topic_id, msgId: topics.at(-1)!.top_msg_id };
    }
    expect(paged).toEqual(all);
    expect((await group().topics.list({ viewerId: person(1), limit: 9, title: 'SIX' })).topics.map(({ topic_id }) => topic_id)).toEqual([sixth]);
  });

  it('are deleted with all their messages by whoever may delete these', async () => {
    const { msg_id: topicId } = await create(1, 'Gone');
    await send(1, { topicId });
    const other = await send(0, { topicId });
    await expect(group().topics.doDelete(by(1), topicId)).rejects.toThrow('MESSAGE_DELETE_FORBIDDEN');
    await expect(group().topics.doDelete(by(0), GENERAL)).rejects.toThrow('TOPIC_ID_INVALID');
    expect(await group().topics.doDelete(by(0), topicId)).toMatchObject({ ptsCount: 3, offset: 0 });
    expect(await group().topics.doDelete(by(0), topicId)).toMatchObject({ ptsCount: 0, offset: 0 });
    expect(await world.db.q.selectFrom('jobs').select('kind').where('kind', '=', 'drop-topic-rows').execute()).toHaveLength(1);
    await expect(send(1, { topicId })).rejects.toThrow('TOPIC_DELETED');
    expect((await group().posts.find(person(0), [topicId, other.msg_id])).size).toBe(0);
    expect((await group().topics.list({ viewerId: person(0), topicIds: [topicId], limit: 1 })).topics).toMatchObject([{ topic_id: topicId, deleted: true }]);
  });

  it('show in the admin log, and messages that were deleted with a topic do not', async () => {
    const events = await logged(1 << 17);
    expect(await logged(1 << 13)).toMatchObject([{ action: { message: { id: expect.any(Number) } } }]);
    expect(new Set(events.map(({ action }) => action._))).toEqual(
      new Set(['ToggleForum', 'CreateTopic', 'EditTopic', 'PinTopic', 'DeleteTopic'].map((kind) => `channelAdminLogEventAction${kind}`)),
    );
  });

  /** Adds 600 messages of Bob to a topic, as rows. @param far the id of the first one */
  async function fill(topicId: number, far: number): Promise<void> {
    await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text, top_id, top_ordinal)
              SELECT ${channelId}, n, n, n, ${person(1)}, ${person(1)}, 1, ${MessageFlag.inTopic}, 'x', ${topicId}, n - ${far} + 1 FROM generate_series(${far}::integer, ${far + 599}::integer) n`.execute(world.db.q);
    await world.db.q.updateTable('channel_threads').set({ count: 601, ordinal: 601, top_msg_id: far + 599 }).where('channel_id', '=', channelId).where('top_id', '=', topicId).execute();
  }

  it('are deleted a slice at a time, and refuse new messages from the first slice on', async () => {
    const { msg_id: topicId } = await create(0, 'Large');
    await fill(topicId, 1_000_000);
    expect(await group().topics.doDelete(by(0), topicId)).toMatchObject({ ptsCount: 500, offset: 1 });
    await expect(send(1, { topicId })).rejects.toThrow('TOPIC_DELETED');
    expect((await list(1)).map(({ topic_id }) => topic_id)).not.toContain(topicId);
    expect(await group().topics.doDelete(by(0), topicId)).toMatchObject({ ptsCount: 101, offset: 0 });
    const left = await world.db.q.selectFrom('channel_threads').select('top_id').where('channel_id', '=', channelId).where('top_id', '=', topicId).execute();
    expect(left).toEqual([]);
  });

  it('are deleted completely although the client does not ask for it, and the group is no forum meanwhile', async () => {
    const { msg_id: topicId } = await create(0, 'Half');
    await fill(topicId, 2_000_000);
    // Their ids are lower, so they are not in the first slice.
    await send(0, { reply: (await send(1, { topicId })).msg_id, topicId });
    expect(await group().posts.countUnseen('unread_mentions', person(1), { topId: topicId, isTopic: true })).toBe(1);
    const before = (await logged(-1)).length;
    expect(await group().topics.doDelete(by(0), topicId)).toMatchObject({ ptsCount: 500, offset: 1 });
    expect((await logged(-1)).length).toBe(before + 1);
    const window = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 };
    await expect(group().posts.listReplies(person(1), topicId, window)).rejects.toThrow('MSG_ID_INVALID');
    await expect(group().posts.openThread(person(1), 2_000_001)).rejects.toThrow('MSG_ID_INVALID');
    await group().settings.doSetForum(by(0), false, false);
    await expect(group().posts.openThread(person(1), topicId)).rejects.toThrow('MSG_ID_INVALID');
    await world.runJobs('repeat');
    expect(await group().posts.countUnseen('unread_mentions', person(1), { topId: topicId, isTopic: true })).toBe(0);
    for (const table of ['channel_messages', 'channel_threads', 'user_threads'] as const) {
      expect(await world.db.q.selectFrom(table).select('top_id').where('channel_id', '=', channelId).where('top_id', '=', topicId).execute()).toEqual([]);
    }
    await group().settings.doSetForum(by(0), true, true);
    expect(await group().topics.doDelete(by(0), topicId)).toMatchObject({ ptsCount: 0, offset: 0 });
  });

  it('do not tell who created them in the name of a channel', async () => {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(1), kind: 'broadcast', title: 'A mask', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const mask = first.owner_id;
    await world.domain.channels.at(-mask - 10n ** 12n).settings.doSetUsername(by(1), 'a_mask_of_bob');
    await group().settings.doSetUsername(by(0), 'a_forum_of_alice');
    const before = (await logged(-1)).length;
    const { msg_id: topicId } = await group().topics.doCreate({ ...by(1), title: 'Masked', color: undefined, sendAs: mask, randomId: ++randomId });
    const { updates } = await group().topics.doEdit({ ...by(1), topicId, title: 'Still masked' });
    expect(updates).toMatchObject([{ message: { from_id: { _: 'peerChannel', channel_id: -mask - 10n ** 12n } } }]);
    const events = await logged(-1);
    expect(events.slice(0, events.length - before).map((event) => event.user_id)).toEqual([136_817_688n, 136_817_688n]);
    // Admins act in their own names.
    await group().topics.doEdit({ ...by(0), topicId, title: 'Changed by Alice' });
    expect((await logged(-1))[0]).toMatchObject({ user_id: person(0) });
  });

  it('are limited in number, those that were deleted not counted', async () => {
    const far = 3_000_000;
    await sql`INSERT INTO forum_topics (channel_id, topic_id, title, icon_color, from_id, creator_id, date)
              SELECT ${channelId}, n, 'x', 0, ${person(0)}, ${person(0)}, 1 FROM generate_series(${far}::integer, ${far + TOPICS_MAX - 1}::integer) n`.execute(world.db.q);
    await expect(create(0, 'One more')).rejects.toThrow('CHANNEL_TOO_BIG');
    await sql`UPDATE forum_topics SET deleted = true WHERE channel_id = ${channelId} AND topic_id >= ${far}::integer`.execute(world.db.q);
    await create(0, 'One more');
  });

  it('keep their first messages when old messages are deleted', async () => {
    const { msg_id: topicId } = await create(0, 'Old');
    const { msg_id: old } = await send(0, { topicId });
    const found = await listOldPosts(world.db, channelId, 2 ** 31 - 1, 1000);
    expect([found.includes(topicId), found.includes(old)]).toEqual([false, true]);
  });
});
