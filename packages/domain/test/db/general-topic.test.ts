import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectPost } from '../../src/channel-state/index.ts';
import type { PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const GENERAL = 1;

describe('General of a forum', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, ['Alice', 'Bob']);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const by = (n: number) => ({ actorId: people[n]!.user_id, origin: ORIGIN });
  /** A group of Alice and Bob, and what they do in it. */
  async function openGroup(forum = false) {
    const { first } = await world.domain.channels.doCreate({ creatorId: people[0]!.user_id, kind: 'megagroup', forum, title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    const door = world.domain.channels.at(channelId);
    await door.members.doInvite(by(0), [people[1]!]);
    return {
      channelId,
      door,
      toggle: (enabled: boolean) => door.settings.doSetForum(by(0), enabled, false),
      create: async (title: string) => (await door.topics.doCreate({ ...by(0), title, color: undefined, sendAs: undefined, randomId: ++randomId })).msg_id,
      async send(text: string, to: { reply?: number; topicId?: number } = {}): Promise<PostRow> {
        const parts = [{ randomId: ++randomId, text, flags: 0, extra: {} }];
        const reply = to.reply === undefined ? undefined : { msgId: to.reply, quote: undefined };
        return (await door.posts.doSend({ ...by(0), parts, reply, topicId: to.topicId, signature: '' }))[0]!;
      },
      async read(msgId: number, window: Partial<Parameters<typeof door.posts.listReplies>[2]> = {}) {
        const all = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, ...window };
        const { rows, count } = await door.posts.listReplies(people[1]!.user_id, msgId, all);
        return { texts: rows.map((row) => row.text), ids: rows.map((row) => row.msg_id), count };
      },
      topics: async () => (await door.topics.list({ viewerId: people[1]!.user_id, limit: 100 })).topics.map(({ topic_id, top_msg_id }) => [topic_id, top_msg_id]),
    };
  }

  it('has what was written while the group was no forum, however often it was one', async () => {
    const group = await openGroup();
    const old = await group.send('old');
    const answer = await group.send('an answer', { reply: old.msg_id });
    await group.toggle(true);
    expect(await group.topics()).toEqual([[GENERAL, answer.msg_id]]);
    const cats = await group.create('Cats');
    const meow = await group.send('meow', { topicId: cats });
    await group.send('general');
    expect((await group.read(GENERAL)).texts.slice(0, 3)).toEqual(['general', 'an answer', 'old']);
    await group.toggle(false);
    const between = await group.send('between');
    await group.send('to a topic', { reply: meow.msg_id });
    await group.send('to the beginning of a topic', { reply: cats });
    const last = await group.send('to the beginning of the group', { reply: 1 });
    await group.toggle(true);
    expect(await group.topics()).toEqual([[GENERAL, last.msg_id], [cats, meow.msg_id]]);
    const general = ['to the beginning of the group', 'to the beginning of a topic', 'to a topic', 'between', 'general', 'an answer', 'old'];
    const { texts, ids, count } = await group.read(GENERAL);
    expect(texts.slice(0, 7)).toEqual(general);
    expect(count).toBe(ids.length);
    expect(ids.at(-1)).toBe(1);
    expect(await group.read(cats)).toMatchObject({ texts: ['meow', ''], count: 2 });
    expect((await group.read(GENERAL, { offsetId: between.msg_id, addOffset: -2, limit: 4 })).texts).toEqual(['to a topic', 'between', 'general', 'an answer']);
    expect((await group.read(GENERAL, { minId: old.msg_id, maxId: between.msg_id })).texts).toEqual(['general', 'an answer']);
    await group.door.posts.doDelete(by(0), [old.msg_id, between.msg_id]);
    expect((await group.read(GENERAL)).count).toBe(count - 2);
    expect((await group.read(GENERAL, { addOffset: 5, limit: 1 })).texts).toHaveLength(1);
  });

  it('is one of the topics; a reply thread from before is none, and neither are replies in it', async () => {
    const group = await openGroup();
    const root = await group.send('root');
    const reply = await group.send('reply', { reply: root.msg_id });
    await group.toggle(true);
    expect((await group.topics()).map(([id]) => id)).toEqual([GENERAL]);
    await expect(group.send('x', { topicId: root.msg_id })).rejects.toThrow('TOPIC_ID_INVALID');
    const late = await group.send('late', { reply: root.msg_id });
    expect(late.top_id).toBe(GENERAL);
    expect(projectPost(reply, 0n).reply_to).toEqual({ _: 'messageReplyHeader', reply_to_msg_id: root.msg_id });
    expect(projectPost(late, 0n).reply_to).toEqual({ _: 'messageReplyHeader', reply_to_msg_id: root.msg_id });
    expect((await group.read(GENERAL)).texts.slice(0, 3)).toEqual(['late', 'reply', 'root']);
  });

  it('has all messages of a group that was created as a forum; switching without messages between leaves nothing', async () => {
    const group = await openGroup(true);
    expect((await group.topics()).map(([id]) => id)).toEqual([GENERAL]);
    const { msg_id } = await group.send('first');
    await group.create('Dogs');
    for (const enabled of [false, true, false, true]) await group.toggle(enabled);
    expect((await group.read(GENERAL)).texts).toEqual(['first', '', '']);
    const spans = await world.db.q.selectFrom('general_spans').select(['after_id', 'up_to_id']).where('channel_id', '=', group.channelId).execute();
    expect(spans).toEqual([{ after_id: 0, up_to_id: 1 }]);
    await group.door.posts.doClear(by(1), msg_id);
    expect((await group.read(GENERAL)).texts).toEqual([]);
  });

  it('joins times that are too many, and shows no message of another topic for it', async () => {
    const group = await openGroup(true);
    const cats = await group.create('Cats');
    for (let n = 0; n < 34; n++) {
      await group.send('meow', { topicId: cats });
      await group.toggle(false);
      await group.send('between');
      await group.toggle(true);
    }
    const spans = await world.db.q.selectFrom('general_spans').select('after_id').where('channel_id', '=', group.channelId).execute();
    expect(spans.length).toBeLessThanOrEqual(32);
    const { texts } = await group.read(GENERAL);
    expect(texts.filter((text) => text === 'between')).toHaveLength(34);
    expect(texts).not.toContain('meow');
  });

  it('does not go together with a linked channel', async () => {
    const group = await openGroup();
    const { first } = await world.domain.channels.doCreate({ creatorId: people[0]!.user_id, kind: 'broadcast', title: 'News', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const pair = { channelId: -first.owner_id - 10n ** 12n, groupId: group.channelId };
    const { discussions, listDiscussionGroups } = world.domain.channels;
    await group.toggle(true);
    await expect(discussions.doLink(by(0), pair)).rejects.toThrow('CHAT_DISCUSSION_UNALLOWED');
    const marked = -group.channelId - 10n ** 12n;
    expect(await listDiscussionGroups(people[0]!.user_id)).not.toContain(marked);
    await group.toggle(false);
    expect(await listDiscussionGroups(people[0]!.user_id)).toContain(marked);
    await discussions.doLink(by(0), pair);
    await expect(group.toggle(true)).rejects.toThrow('CHAT_DISCUSSION_UNALLOWED');
  });
});
