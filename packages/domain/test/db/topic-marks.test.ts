import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { topicOf } from '../../src/channel-state/index.ts';
import { THREAD_DRAFTS_MAX } from '../../src/dialogs/index.ts';
import { MessageFlag, type PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const GENERAL = 1;
const NAMES = ['Alice', 'Bob', 'Carol', 'Dave'];

let world: World;
let people: UserRow[];
let randomId = 1n;
beforeAll(async () => {
  world = await createWorld();
  people = await signUpPeople(world, NAMES);
});
afterAll(() => world[Symbol.asyncDispose]());

const person = (n: number): bigint => people[n]!.user_id;
const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });

async function createGroup(forum = true): Promise<Group> {
  const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind: 'megagroup', forum, title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
  const group = new Group(-first.owner_id - 10n ** 12n);
  await group.door.members.doInvite(by(0), people.slice(1));
  return group;
}

/** A group, and what the people of the test do in it. */
class Group {
  readonly channelId: bigint;
  constructor(channelId: bigint) {
    this.channelId = channelId;
  }
  get door() {
    return world.domain.channels.at(this.channelId);
  }
  get peerId(): bigint {
    return markPeer({ _: 'peerChannel', channel_id: this.channelId });
  }
  async send(n: number, topicId?: number): Promise<number> {
    const parts = [{ randomId: ++randomId, text: 'hello', flags: 0, extra: {} }];
    return (await this.door.posts.doSend({ ...by(n), parts, reply: undefined, topicId, signature: '' }))[0]!.msg_id;
  }
  async create(n: number): Promise<number> {
    return (await this.door.topics.doCreate({ ...by(n), title: 'A topic', color: undefined, sendAs: undefined, randomId: ++randomId })).msg_id;
  }
  async unreadOf(n: number): Promise<Map<number, number>> {
    const { topics } = await this.door.topics.list({ viewerId: person(n), limit: 100 });
    return new Map(topics.map((topic) => [topic.topic_id, topic.unread]));
  }
  async dialogOf(n: number) {
    return (await world.domain.dialogs.find(person(n), [this.peerId]))[0]!;
  }
  async posts(): Promise<Pick<PostRow, 'msg_id' | 'poster_id' | 'flags' | 'top_id'>[]> {
    return world.db.q.selectFrom('channel_messages').select(['msg_id', 'poster_id', 'flags', 'top_id']).where('channel_id', '=', this.channelId).orderBy('msg_id').execute();
  }
}

describe('reading a forum', () => {
  it('topic by topic leaves nothing unread in its dialog', async () => {
    const group = await createGroup();
    const [cats, dogs] = [await group.create(0), await group.create(0)];
    await group.door.posts.doRead(person(1), 2 ** 31 - 1);
    const last = [await group.send(0, cats), await group.send(0, dogs), await group.send(0, cats), await group.send(0)];
    expect((await group.dialogOf(1)).unread_count).toBe(4);
    await group.door.posts.doReadThread(person(1), cats, last[2]!);
    // The first message of the other topic is unread, so the mark of the channel stays before it.
    expect(await group.dialogOf(1)).toMatchObject({ unread_count: 2, read_inbox_max_id: last[1]! - 1 });
    expect(Object.fromEntries(await group.unreadOf(1))).toEqual({ [cats]: 0, [dogs]: 1, [GENERAL]: 1 });
    await group.door.posts.doReadThread(person(1), GENERAL, last[3]!);
    await group.door.posts.doReadThread(person(1), dogs, last[1]!);
    expect(await group.dialogOf(1)).toMatchObject({ unread_count: 0, read_inbox_max_id: last[3] });
    // Rows that say no more than the mark of the channel are gone.
    expect(await world.db.q.selectFrom('user_threads').select('top_id').where('owner_id', '=', person(1)).where('channel_id', '=', group.channelId).execute()).toEqual([]);
    expect((await group.dialogOf(2)).unread_count).toBeGreaterThan(4);
  });

  it('as a whole reads all topics up to the message', async () => {
    const group = await createGroup();
    const [cats, dogs] = [await group.create(0), await group.create(0)];
    const [, second] = [await group.send(0, cats), await group.send(0, dogs), await group.send(0, cats)];
    await group.door.posts.doRead(person(1), second);
    expect(Object.fromEntries(await group.unreadOf(1))).toEqual({ [cats]: 1, [dogs]: 0, [GENERAL]: 0 });
    await group.door.posts.doRead(person(1), 2 ** 31 - 1);
    expect([...(await group.unreadOf(1)).values()]).toEqual([0, 0, 0]);
  });

  it('reads what was written before the group was a forum together with General', async () => {
    const group = await createGroup(false);
    await group.door.posts.doRead(person(1), 2 ** 31 - 1);
    const old = [await group.send(0), await group.send(0)];
    await group.door.settings.doSetForum(by(0), true, false);
    const cats = await group.create(0);
    const general = await group.send(0);
    expect(Object.fromEntries(await group.unreadOf(1))).toEqual({ [cats]: 1, [GENERAL]: 3 });
    await group.door.posts.doReadThread(person(1), GENERAL, old[0]!);
    expect(Object.fromEntries(await group.unreadOf(1))).toEqual({ [cats]: 1, [GENERAL]: 2 });
    await group.door.posts.doReadThread(person(1), GENERAL, general);
    expect(Object.fromEntries(await group.unreadOf(1))).toEqual({ [cats]: 1, [GENERAL]: 0 });
    await group.door.posts.doReadThread(person(1), cats, cats);
    expect(await group.dialogOf(1)).toMatchObject({ unread_count: 0, read_inbox_max_id: general });
  });

  it('counts what was written in several times without topics, neither own nor deleted messages, and does not look at the other topics for it', async () => {
    const group = await createGroup(false);
    await group.door.posts.doRead(person(1), 2 ** 31 - 1);
    const toggle = (enabled: boolean) => group.door.settings.doSetForum(by(0), enabled, false);
    const old = [await group.send(0), await group.send(1), await group.send(0)];
    await toggle(true);
    const cats = await group.create(0);
    await group.send(1, cats);
    await group.send(0);
    await toggle(false);
    const between = [await group.send(0), await group.send(1), await group.send(2), await group.send(1), await group.send(0)];
    await toggle(true);
    await group.door.posts.doDelete(by(0), [old[0]!, between[0]!, between[1]!]);
    const generalOf = async (n: number) => (await group.door.topics.list({ viewerId: person(n), topicIds: [GENERAL], limit: 1 })).topics[0]!.unread;
    const unread = (await group.dialogOf(1)).unread_count;
    expect([unread, await generalOf(1)]).toEqual([5, 4]);
    await world.db.q.updateTable('channel_threads').set({ ordinal: 100 }).where('channel_id', '=', group.channelId).where('top_id', '=', cats).execute();
    expect(await generalOf(1)).toBe(4);
    await group.door.posts.doRead(person(1), between[2]!);
    expect(await generalOf(1)).toBe(1);
  });

  it('moves the mark that the authors see, in the topic alone until the channel is read', async () => {
    const group = await createGroup();
    const cats = await group.create(0);
    for (const n of [0, 1, 2, 3]) await group.door.posts.doRead(person(n), 2 ** 31 - 1);
    const blocking = await group.send(0);
    const post = await group.send(1, cats);
    const outboxOf = async (n: number) => (await group.door.topics.list({ viewerId: person(n), limit: 100 })).topics.find((topic) => topic.topic_id === cats)!.read_outbox_max_id;
    await group.door.posts.doReadThread(person(2), cats, post);
    expect([await outboxOf(1), await outboxOf(2)]).toEqual([post, 0]);
    expect((await group.dialogOf(1)).read_outbox_max_id).toBe(blocking - 1);
    expect(await group.door.posts.openThread(person(1), cats)).toMatchObject({ readOutboxMaxId: post, unread: 0 });
  });

  it('is refused for topics that do not exist, and leaves nothing behind', async () => {
    const group = await createGroup();
    const gone = await group.create(0);
    await group.door.topics.doDelete(by(0), gone);
    for (const id of [gone, 9999]) await expect(group.door.posts.doReadThread(person(1), id, 2 ** 31 - 1)).rejects.toThrow('MSG_ID_INVALID');
    expect(await world.db.q.selectFrom('user_threads').select('top_id').where('channel_id', '=', group.channelId).execute()).toEqual([]);
  });
});

/** A source of numbers that are the same for each seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('what is unread in a forum equals a recount', () => {
  it.each([1, 2])('after posts, deletions, reads, joins and switches at random (seed %i)', async (seed) => {
    const pick = chance(seed);
    const group = await createGroup(seed !== 2);
    await group.door.settings.doSetUsername(by(0), `random_group_${seed}`);
    const members = new Set([0, 1, 2, 3]);
    /** Up to which message a person has read: the channel, and topics. */
    const marks = NAMES.map(() => ({ channel: 0, topics: new Map<number, number>() }));
    let isForum = seed !== 2;
    for (const n of members) marks[n]!.channel = (await group.dialogOf(n)).read_inbox_max_id;
    const newest = async (): Promise<number> => (await group.posts()).at(-1)!.msg_id;
    const topics = async (): Promise<number[]> => [...(await group.unreadOf(0)).keys()];
    const anyOf = <T,>(list: readonly T[]): T => list[pick(list.length)]!;
    const asMember = (): number => anyOf([...members]);

    const steps: (() => Promise<void>)[] = [
      ...Array.from({ length: 5 }, () => async () => void (await group.send(asMember(), isForum ? anyOf(await topics()) : undefined))),
      async () => {
        if (isForum) await group.create(asMember());
      },
      ...Array.from({ length: 2 }, () => async () => {
        const begun = (post: { msg_id: number; top_id: number | null }): boolean => post.msg_id === post.top_id;
        const ids = (await group.posts()).filter((post) => post.msg_id > 1 && !begun(post)).map((post) => post.msg_id);
        if (ids.length > 0) await group.door.posts.doDelete(by(0), Array.from({ length: 1 + pick(3) }, () => anyOf(ids)));
      }),
      ...Array.from({ length: 4 }, () => async () => {
        if (!isForum) return;
        const [n, topicId, upTo] = [asMember(), anyOf(await topics()), 1 + pick(await newest())];
        const { topics: mine } = marks[n]!;
        await group.door.posts.doReadThread(person(n), topicId, upTo);
        mine.set(topicId, Math.max(mine.get(topicId) ?? 0, upTo));
      }),
      async () => {
        const [n, upTo] = [asMember(), 1 + pick(await newest())];
        await group.door.posts.doRead(person(n), upTo);
        marks[n]!.channel = Math.max(marks[n]!.channel, upTo);
      },
      async () => {
        const n = 1 + pick(3);
        if (members.delete(n)) {
          await group.door.members.doLeave(by(n));
          expect(await world.db.q.selectFrom('user_threads').select('top_id').where('owner_id', '=', person(n)).where('channel_id', '=', group.channelId).execute()).toEqual([]);
          return;
        }
        members.add(n);
        // Somebody who left is only invited again by contacts.
        await world.db.q.updateTable('channel_members').set({ has_left: false }).where('channel_id', '=', group.channelId).execute();
        if (pick(2) === 0) await group.door.members.doInvite(by(0), [people[n]!]);
        else await group.door.members.doJoin(by(n));
        marks[n] = { channel: (await group.dialogOf(n)).read_inbox_max_id, topics: new Map() };
      },
      async () => {
        const gone = isForum && pick(3) === 0 ? (await topics()).find((id) => id !== GENERAL) : undefined;
        if (gone !== undefined) await group.door.topics.doDelete(by(0), gone);
      },
      async () => {
        if (seed !== 2 || isForum) return;
        isForum = true;
        await group.door.settings.doSetForum(by(0), true, false);
      },
    ];
    for (let step = 0; step < 60; step++) {
      await anyOf(steps)();
      if (step % 6 < 5 || !isForum) continue;
      const posts = await group.posts();
      for (const n of members) {
        const { channel, topics: mine } = marks[n]!;
        const unread = await group.unreadOf(n);
        const expected = new Map([...unread.keys()].map((id) => [id, 0]));
        for (const post of posts) {
          const topic = topicOf(post);
          const isRead = post.msg_id <= Math.max(channel, mine.get(topic) ?? 0);
          if (!isRead && post.poster_id !== person(n)) expected.set(topic, expected.get(topic)! + 1);
        }
        const dialog = await group.dialogOf(n);
        expect({ step, n, ...Object.fromEntries(unread) }).toEqual({ step, n, ...Object.fromEntries(expected) });
        expect(dialog.unread_count).toBe([...expected.values()].reduce((sum, one) => sum + one, 0));
        const firstUnread = posts.find((post) => post.poster_id !== person(n) && post.msg_id > Math.max(channel, mine.get(topicOf(post)) ?? 0));
        expect(dialog.read_inbox_max_id).toBeLessThan(firstUnread?.msg_id ?? Infinity);
      }
    }
    expect((await group.posts()).some((post) => (post.flags & MessageFlag.inTopic) !== 0)).toBe(true);
  });
});

describe('what a person has in a topic', () => {
  const draftOf = (message: string, date = 100): tl.draftMessage => ({ _: 'draftMessage', message, date });
  const topicOfList = async (group: Group, n: number, topicId: number) => (await group.door.topics.list({ viewerId: person(n), topicIds: [topicId], limit: 1 })).topics[0]!;
  const rowsOf = (group: Group) => world.db.q.selectFrom('user_threads').select(['owner_id', 'top_id']).where('channel_id', '=', group.channelId).execute();

  it('is a draft, which sending into the topic clears and leaves those elsewhere', async () => {
    const group = await createGroup();
    const [cats, dogs] = [await group.create(0), await group.create(0)];
    const { dialogs } = world.domain;
    const place = (topId?: number) => ({ peerId: group.peerId, topId });
    for (const topId of [cats, dogs, undefined]) await dialogs.doSaveDraft(person(1), place(topId), draftOf(`in ${topId}`), undefined);
    const drafts = await dialogs.listDrafts(person(1));
    expect(drafts.map((update) => update.top_msg_id)).toEqual([undefined, cats, dogs]);
    expect(drafts).toMatchObject([undefined, cats, dogs].map((topId) => ({ draft: { message: `in ${topId}` } })));
    expect(await dialogs.findDraft(person(1), place(cats))).toMatchObject({ message: `in ${cats}` });
    expect((await topicOfList(group, 1, cats)).draft).not.toBeNull();
    const parts = [{ randomId: ++randomId, text: 'sent', flags: 0, extra: {} }];
    await group.door.posts.doSend({ ...by(1), parts, reply: undefined, topicId: cats, signature: '', clearsDraft: true });
    expect((await dialogs.listDrafts(person(1))).map((update) => update.top_msg_id)).toEqual([undefined, dogs]);
    await dialogs.doClearDrafts(person(1), undefined);
    expect(await dialogs.listDrafts(person(1))).toEqual([]);
  });

  it('is one of a limited number of drafts, of which a further one replaces the oldest', async () => {
    const group = await createGroup();
    const cats = await group.create(0);
    await world.db.q
      .insertInto('user_threads')
      .values(Array.from({ length: THREAD_DRAFTS_MAX }, (_, n) => ({ owner_id: person(2), channel_id: 7n, top_id: n + 1, draft: storedEncode(draftOf('old', n)), draft_date: n, ahead_from: null, show_previews: null, silent: null, mute_until: null, sound: null })))
      .execute();
    await world.domain.dialogs.doSaveDraft(person(2), { peerId: group.peerId, topId: cats }, draftOf('new', 5000), undefined);
    const left = await world.db.q.selectFrom('user_threads').select('top_id').where('owner_id', '=', person(2)).where('draft', 'is not', null).execute();
    expect(left.length).toBe(THREAD_DRAFTS_MAX);
    expect(left.some((row) => row.top_id === 1)).toBe(false);
    await world.db.q.deleteFrom('user_threads').where('channel_id', '=', 7n).execute();
  });

  it('is a setting, without which the one of the forum counts, also for what is muted in the archive', async () => {
    const group = await createGroup();
    const [cats, dogs] = [await group.create(0), await group.create(0)];
    const { dialogs, notifications } = world.domain;
    const peer = { _: 'peerChannel', channel_id: group.channelId } as const;
    await notifications.doUpdateSettings(person(1), { peer, topId: cats }, { _: 'inputPeerNotifySettings', mute_until: 2 ** 31 - 1, stories_muted: true });
    expect(await notifications.findSettings(person(1), { peer, topId: cats })).toMatchObject({ mute_until: 2 ** 31 - 1, stories_muted: undefined });
    expect((await notifications.findSettings(person(1), { peer })).mute_until).toBeUndefined();
    expect(await topicOfList(group, 1, cats)).toMatchObject({ mute_until: 2 ** 31 - 1 });
    for (const scope of [undefined, 'chats', { peer }, { peer, topId: cats }] as const) expect(await notifications.listExceptions(person(1), { scope, sounds: false, stories: false })).toMatchObject([{ peerId: group.peerId, topId: cats }]);
    for (const scope of ['users', { peer, topId: dogs }] as const) expect(await notifications.listExceptions(person(1), { scope, sounds: false, stories: false })).toEqual([]);
    await group.door.posts.doRead(person(1), 2 ** 31 - 1);
    for (const topicId of [cats, cats, dogs]) await group.send(0, topicId);
    await dialogs.doMoveToFolders(person(1), new Map([[group.peerId, 1]]), undefined);
    const archive = async () => (await dialogs.project(person(1), [], false, true)).dialogs[0];
    expect(await archive()).toMatchObject({ unread_muted_peers_count: 0, unread_unmuted_peers_count: 1, unread_muted_messages_count: 2, unread_unmuted_messages_count: 1 });
    await notifications.doUpdateSettings(person(1), { peer }, { _: 'inputPeerNotifySettings', mute_until: 2 ** 31 - 1 });
    await notifications.doUpdateSettings(person(1), { peer, topId: dogs }, { _: 'inputPeerNotifySettings', mute_until: 0 });
    expect(await archive()).toMatchObject({ unread_muted_peers_count: 1, unread_unmuted_peers_count: 0, unread_muted_messages_count: 2, unread_unmuted_messages_count: 1 });
    await notifications.doResetSettings(person(1));
    expect(await notifications.listExceptions(person(1))).toEqual([]);
  });

  it('counts the mentions of each topic, old ones in General', async () => {
    const group = await createGroup(false);
    const old = await group.send(1);
    const reply = async (to: number, topicId?: number) => {
      const parts = [{ randomId: ++randomId, text: 'hello', flags: 0, extra: {} }];
      await group.door.posts.doSend({ ...by(0), parts, reply: { msgId: to, quote: undefined }, topicId, signature: '' });
    };
    await reply(old);
    await group.door.settings.doSetForum(by(0), true, false);
    const cats = await group.create(0);
    const post = await group.send(1, cats);
    await reply(post, cats);
    await reply(post, cats);
    expect([(await topicOfList(group, 1, GENERAL)).mentions, (await topicOfList(group, 1, cats)).mentions]).toEqual([1, 2]);
  });

  it('goes with the topic and with the membership', async () => {
    const group = await createGroup();
    const [cats, dogs] = [await group.create(0), await group.create(0)];
    for (const n of [1, 2, 3]) for (const topId of [cats, dogs]) await world.domain.dialogs.doSaveDraft(person(n), { peerId: group.peerId, topId }, draftOf('x'), undefined);
    await group.door.members.doLeave(by(3));
    await group.door.members.doEditBanned({ ...by(0), userId: person(2), rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    expect((await rowsOf(group)).map((row) => [row.owner_id, row.top_id])).toEqual([cats, dogs].map((topId) => [person(1), topId]));
    await group.door.topics.doDelete(by(0), cats);
    await world.runJobs();
    expect(await rowsOf(group)).toEqual([{ owner_id: person(1), top_id: dogs }]);
  });
});
