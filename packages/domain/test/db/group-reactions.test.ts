import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ResolvedChat } from '../../src/access/index.ts';
import { MessageFlag, type MessageRow, onUserHint, packMessageExtra, type UserHint } from '../../src/events/index.ts';
import { addUnread, projectMessage, updateMessages } from '../../src/messages/index.ts';
import { PeerSet, type UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';
import { listRowsOfReactions, recountReactions } from './recount-reactions.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const PAGE = { emoticon: undefined, after: undefined, limit: 9 };

describe('reactions to messages of basic groups', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, ['Alice', 'Bob', 'Carol', 'Dave']);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const at = (peerId: bigint) => world.domain.postReactions.openGroup(peerId);
  const chatIdOf = (peerId: bigint): bigint => (unmarkPeer(peerId) as tl.peerChat).chat_id;
  const inChat = (n: number, peerId: bigint) => ({ ...by(n), chatId: chatIdOf(peerId) });

  /** A group of Alice with Bob and Carol. @returns its marked id */
  async function create(): Promise<bigint> {
    const { notice } = await world.domain.groups.doCreate({ creatorId: person(0), title: 'A group', users: people.slice(1, 3), ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return notice!.peer_id;
  }

  async function send(n: number, peerId: bigint, text = 'hello'): Promise<MessageRow> {
    const peer = (await world.domain.peers.accessInputPeer(person(n), { _: 'inputPeerChat', chat_id: chatIdOf(peerId) })) as ResolvedChat;
    return world.domain.messages.doSendText(peer, {
      senderId: person(n), randomId: ++randomId, text: { text, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, reply: undefined,
    });
  }

  /** The copy of a message in the box of somebody. */
  const copyOf = (n: number, { global_id }: MessageRow): Promise<MessageRow> =>
    world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', person(n)).where('global_id', '=', global_id).executeTakeFirstOrThrow();

  const react = async (n: number, row: MessageRow, ...emoticons: string[]): Promise<tl.updateMessageReactions> =>
    at(row.peer_id).doReact({ ...by(n), msgId: (await copyOf(n, row)).msg_id, emoticons, big: false, addsToRecent: true });

  /** What a viewer sees of the reactions to a message in its history. */
  async function seenBy(n: number, row: MessageRow): Promise<tl.messageReactions | undefined> {
    const message = projectMessage(await copyOf(n, row)) as tl.message;
    await world.domain.messageFiller.fill([message], person(n), new PeerSet());
    return message.reactions;
  }

  const countsOf = (reactions: tl.messageReactions | undefined) => reactions?.results.map(({ reaction, count, chosen_order }) => [(reaction as tl.reactionEmoji).emoticon, count, chosen_order]);
  const reactorsOf = (reactions: tl.messageReactions | undefined) => reactions?.recent_reactions?.map((one) => markPeer(one.peer_id));

  const unreadOf = async (n: number, peerId: bigint): Promise<number> => {
    await world.runJobs();
    return at(peerId).countUnseen(person(n));
  };

  it('are counted at the group, in no copy of the message, and told to every member by the id of their own copy', async () => {
    const peerId = await create();
    const row = await send(1, peerId);
    const before = await world.domain.updates.readPosition(person(1));
    const copies = await Promise.all([0, 1, 2].map((n) => copyOf(n, row)));
    const hints: UserHint[][] = [[], [], []];
    const listening = hints.map((heard, n) => onUserHint(world.bus, person(n), (hint) => hint.kind === 'transient' && heard.push(hint)));
    expect(await react(0, row, '👍')).toMatchObject({ peer: unmarkPeer(peerId), msg_id: copies[0]!.msg_id, reactions: { can_see_list: true, recent_reactions: [{ my: true }] } });
    await react(2, row, '👍');
    await world.domain.postReactions.flush();
    for (const one of listening) one[Symbol.dispose]();
    const told = hints.map((heard) => (heard.at(-1) as { update: tl.updateMessageReactions }).update);
    expect(told.map((update) => update.msg_id)).toEqual(copies.map((copy) => copy.msg_id));
    expect(told.map((update) => update.reactions.min)).toEqual([true, undefined, true]);
    expect(told[1]!.reactions.recent_reactions!.map((one) => one.unread)).toEqual([true, true]);
    expect(told[0]!.reactions).toEqual({ _: 'messageReactions', min: true, can_see_list: true, results: [{ _: 'reactionCount', reaction: { _: 'reactionEmoji', emoticon: '👍' }, count: 2, chosen_order: undefined }], recent_reactions: told[0]!.reactions.recent_reactions });
    expect(await Promise.all([0, 1, 2].map((n) => copyOf(n, row)))).toEqual(copies);
    expect(await world.domain.updates.readPosition(person(1))).toEqual(before);
    expect([countsOf(await seenBy(0, row)), countsOf(await seenBy(1, row))]).toEqual([[['👍', 2, 0]], [['👍', 2, undefined]]]);
    const [update] = await at(peerId).listUpdates(person(2), [copies[2]!.msg_id]);
    expect(update).toMatchObject({ msg_id: copies[2]!.msg_id, reactions: { results: [{ count: 2, chosen_order: 0 }] } });
    expect(await at(peerId).listOf(person(1), row.msg_id, PAGE)).toMatchObject({ count: 2, reactions: [{ peer_id: { user_id: person(2) } }, { peer_id: { user_id: person(0) } }] });
  });

  it('are unread for the author, in whatever way they are then seen', async () => {
    const peerId = await create();
    const [first, second] = [await send(1, peerId), await send(1, peerId)];
    await react(0, first, '👍');
    await react(1, first, '🔥');
    await react(0, second, '👍');
    expect([await unreadOf(1, peerId), await unreadOf(0, peerId)]).toEqual([2, 0]);
    await world.domain.postReactions.doSeeInGroups(by(1), [first.msg_id]);
    expect(await unreadOf(1, peerId)).toBe(1);
    expect((await seenBy(1, first))!.recent_reactions!.some((one) => one.unread)).toBe(false);
    expect((await seenBy(1, second))!.recent_reactions![0]!.unread).toBe(true);
    await react(0, second);
    expect(await unreadOf(1, peerId)).toBe(0);
    // Reactions that come while the author is away are unread when the author returns.
    await world.domain.groups.doRemoveUser(inChat(1, peerId), person(1), false);
    await react(0, second, '👍');
    expect(await unreadOf(1, peerId)).toBe(0);
    await world.domain.groups.doAddUser(inChat(1, peerId), people[1]!, 0);
    expect(await unreadOf(1, peerId)).toBe(1);
    await at(peerId).doSee(by(1));
    await react(0, second);
    await react(0, second, '🔥');
    expect(await unreadOf(1, peerId)).toBe(1);
    expect(await at(peerId).doSee(by(1))).toEqual({ offset: 0 });
    expect(await unreadOf(1, peerId)).toBe(0);
  });

  it('are refused to those who are no members or may not react, and where admins do not allow them', async () => {
    const peerId = await create();
    const [row, elsewhere] = [await send(0, peerId), await send(0, await create())];
    const bobs = await copyOf(1, row);
    const as = (n: number, msgId: number, ...emoticons: string[]) => errorOf(at(peerId).doReact({ ...by(n), msgId, emoticons, big: false, addsToRecent: false }));
    expect(await as(1, (await copyOf(1, elsewhere)).msg_id, '👍')).toBe('MESSAGE_ID_INVALID');
    expect(await as(1, 999_999, '👍')).toBe('MESSAGE_ID_INVALID');
    expect(await as(0, row.msg_id - 1, '👍')).toBe('MESSAGE_ID_INVALID');
    expect(await errorOf(at(peerId).listOf(person(1), 999_999, PAGE))).toBe('MSG_ID_INVALID');
    const { groups } = world.domain;
    await groups.doEditDefaultRights(inChat(0, peerId), { _: 'chatBannedRights', send_reactions: true, until_date: 0 });
    expect(await as(1, bobs.msg_id, '👍')).toBe('CHAT_WRITE_FORBIDDEN');
    await groups.doEditDefaultRights(inChat(0, peerId), { _: 'chatBannedRights', until_date: 0 });
    const some: tl.chatReactionsSome = { _: 'chatReactionsSome', reactions: ['🔥', '👎'].map((emoticon) => ({ _: 'reactionEmoji', emoticon })) };
    for (const limit of [0, 12]) expect(await errorOf(groups.doSetReactions(inChat(0, peerId), some, limit))).toBe('LIMIT_PER_POST_INVALID');
    await groups.doSetReactions(inChat(0, peerId), some, 1);
    expect(await errorOf(groups.doSetReactions(inChat(0, peerId), some, 1))).toBe('CHAT_NOT_MODIFIED');
    expect(await groups.findFull(person(1), chatIdOf(peerId))).toMatchObject({ available_reactions: some, reactions_limit: 1 });
    expect(await as(1, bobs.msg_id, '👍')).toBe('REACTION_INVALID');
    expect(await as(1, bobs.msg_id, '🔥')).toBe('no error');
    expect(await as(0, row.msg_id, '👎')).toBe('REACTIONS_TOO_MANY');
    expect(await as(0, row.msg_id, '🔥')).toBe('no error');
    await groups.doRemoveUser(inChat(0, peerId), person(1), false);
    expect(await as(1, bobs.msg_id)).toBe('CHAT_WRITE_FORBIDDEN');
    // Somebody who is not in the group any more learns nothing of its reactions.
    expect(await errorOf(at(peerId).listUpdates(person(1), [bobs.msg_id]))).toBe('CHAT_WRITE_FORBIDDEN');
    expect(await errorOf(at(peerId).listOf(person(1), bobs.msg_id, PAGE))).toBe('CHAT_WRITE_FORBIDDEN');
    expect(await seenBy(1, row)).toBeUndefined();
  });

  it('are taken back by admins, one by one or all of a member', async () => {
    const peerId = await create();
    const row = await send(0, peerId);
    for (const n of [0, 1, 2]) await react(n, row, '👍');
    expect(await errorOf(at(peerId).doTakeBack(by(1), (await copyOf(1, row)).msg_id, person(2)))).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect(await errorOf(at(peerId).doTakeBackAll(by(1), person(2)))).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect(countsOf((await at(peerId).doTakeBack(by(0), row.msg_id, person(2))).reactions)).toEqual([['👍', 2, 0]]);
    await at(peerId).doTakeBackAll(by(0), person(1));
    await world.runJobs();
    expect(reactorsOf(await seenBy(2, row))).toEqual([person(0)]);
  });

  it('go with their message when all copies do', async () => {
    const peerId = await create();
    const [row, kept] = [await send(1, peerId), await send(1, peerId)];
    await react(0, row, '👍');
    await react(0, kept, '👍');
    await world.runJobs();
    const deleting = async (n: number, of: MessageRow, revoke: boolean) => world.domain.messages.doDelete({ ownerId: person(n), msgIds: [(await copyOf(n, of)).msg_id], revoke, origin: ORIGIN });
    const wanted = await send(1, peerId);
    await react(0, wanted, '👍');
    await deleting(2, kept, false);
    await deleting(1, row, true);
    for (const n of [0, 1]) await deleting(n, wanted, false);
    await world.runJobs('repeat');
    expect(await recountReactions(world, peerId)).toEqual([kept.global_id, wanted.global_id].toSorted((a, b) => (a < b ? -1 : 1)));
    // Deleted by each member alone, it goes with the last copy.
    await deleting(2, wanted, false);
    await world.runJobs('repeat');
    expect(await recountReactions(world, peerId)).toEqual([kept.global_id]);
    expect(await unreadOf(1, peerId)).toBe(1);
    await world.domain.groups.doDelete(inChat(0, peerId));
    await world.runJobs('repeat');
    expect(await listRowsOfReactions(world, peerId)).toEqual([]);
  });

  it('go with the accounts of all who had a copy of their message', async () => {
    const members = [await world.signUp('9996612301', 'Eve'), await world.signUp('9996612302', 'Frank')];
    const [eve, frank] = members.map(({ userId }) => userId) as [bigint, bigint];
    const row = (await world.domain.users.findRow(frank))!;
    const { notice } = await world.domain.groups.doCreate({ creatorId: eve, title: 'Two', users: [row], ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const peerId = notice!.peer_id;
    const peer = (await world.domain.peers.accessInputPeer(eve, { _: 'inputPeerChat', chat_id: chatIdOf(peerId) })) as ResolvedChat;
    const text = { text: 'hello', entities: [] };
    const sent = await world.domain.messages.doSendText(peer, { senderId: eve, randomId: ++randomId, text, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, reply: undefined });
    await at(peerId).doReact({ actorId: eve, origin: ORIGIN, msgId: sent.msg_id, emoticons: ['👍'], big: false, addsToRecent: false });
    await at(peerId).doReact({ actorId: frank, origin: ORIGIN, msgId: (await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', frank).where('global_id', '=', sent.global_id).executeTakeFirstOrThrow()).msg_id, emoticons: ['👍'], big: false, addsToRecent: false });
    const left: number[] = [];
    for (const { key } of members) {
      await world.domain.auth.doDeleteAccount(proverOf(key), undefined);
      await world.runJobs('repeat');
      left.push((await world.db.q.selectFrom('reaction_totals').select('post_id').where('peer_id', '=', peerId).execute()).length);
    }
    expect(left).toEqual([1, 0]);
  });

  /** Stores a reaction as older versions did: in every copy, unread in the author's. */
  async function reactEarlier(n: number, row: MessageRow, given: readonly tl.messagePeerReaction[]): Promise<void> {
    const copies = await world.db.q.selectFrom('messages').selectAll().where('global_id', '=', row.global_id).execute();
    await world.db.transact('earlier', async (tx) => {
      const isAuthors = ({ owner_id }: MessageRow): boolean => owner_id === row.from_id;
      const flagsOf = (copy: MessageRow): number => copy.flags | (isAuthors(copy) ? MessageFlag.unreadReactions : 0);
      await updateMessages(tx, copies.map((copy) => ({ ...copy, flags: flagsOf(copy), extra: packMessageExtra({ reactions: given.map((one) => ({ ...one, unread: isAuthors(copy) && markPeer(one.peer_id) === person(n) ? true : undefined })) }) })));
      await addUnread(tx, 'unread_reactions', copies.filter(isAuthors));
    });
  }

  it('that were given before they were rows stay, count with later ones, and survive the upgrade to a supergroup', async () => {
    const peerId = await create();
    const [row, other] = [await send(1, peerId), await send(1, peerId)];
    const given = [[2, '🔥'], [0, '👍']].map(([n, emoticon], at): tl.messagePeerReaction => ({ _: 'messagePeerReaction', peer_id: { _: 'peerUser', user_id: person(n as number) }, date: 100 + at, reaction: { _: 'reactionEmoji', emoticon: emoticon as string } }));
    for (const one of [row, other]) await reactEarlier(0, one, given);
    const alices = await copyOf(0, row);
    for (const reactions of [await seenBy(0, row), (await at(peerId).listUpdates(person(0), [alices.msg_id]))[0]!.reactions]) {
      expect(countsOf(reactions)).toEqual([['🔥', 1, undefined], ['👍', 1, 0]]);
      expect(reactorsOf(reactions)).toEqual([person(0), person(2)]);
    }
    expect(await at(peerId).listOf(person(2), (await copyOf(2, row)).msg_id, { ...PAGE, emoticon: '👍' })).toMatchObject({ count: 1, reactions: [{ peer_id: { user_id: person(0) } }] });
    expect(await at(peerId).hasReacted(person(1), row.msg_id, person(2))).toBe(true);
    expect(await unreadOf(1, peerId)).toBe(2);
    await react(1, row, '🔥');
    expect(countsOf(await seenBy(1, row))).toEqual([['🔥', 2, 0], ['👍', 1, undefined]]);
    expect((await seenBy(1, row))!.recent_reactions!.map((one) => [markPeer(one.peer_id), one.unread])).toEqual([[person(1), undefined], [person(0), true], [person(2), undefined]]);
    await react(0, row);
    expect(countsOf(await seenBy(1, row))).toEqual([['🔥', 2, 0]]);
    // Nothing new is left to see there, only at the other message.
    expect(await unreadOf(1, peerId)).toBe(1);
    await at(peerId).doSee(by(1));
    expect(await unreadOf(1, peerId)).toBe(0);
    expect((await seenBy(1, other))!.recent_reactions!.some((one) => one.unread)).toBe(false);
    await at(peerId).doTakeBack(by(0), (await copyOf(0, other)).msg_id, person(2));
    expect(reactorsOf(await seenBy(2, other))).toEqual([person(0)]);
    const shown = await Promise.all([seenBy(0, row), seenBy(0, other)]);
    await world.domain.channels.doMigrate(inChat(0, peerId));
    expect(await Promise.all([seenBy(0, row), seenBy(0, other)])).toEqual(shown);
    expect(await errorOf(react(0, row, '👍'))).toBe('CHAT_ID_INVALID');
    expect(await recountReactions(world, peerId)).toEqual([row.global_id, other.global_id].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('have totals that equal a recount after everybody has changed their mind at once, also while messages are deleted', async () => {
    const peerId = await create();
    const rows = [await send(0, peerId), await send(1, peerId), await send(2, peerId)];
    const emoji = ['👍', '🔥', '👎', undefined];
    const copies = await Promise.all(rows.map((row) => Promise.all([0, 1, 2].map((n) => copyOf(n, row)))));
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 90 }, (_, n) => {
        const emoticon = emoji[(n * 5 + Math.floor(n / 3)) % 4];
        return at(peerId).doReact({ ...by(n % 3), msgId: copies[(n * 7) % 3]![n % 3]!.msg_id, emoticons: emoticon === undefined ? [] : [emoticon], big: false, addsToRecent: n % 2 === 0 });
      }),
      world.domain.messages.doDelete({ ownerId: person(2), msgIds: [rows[2]!.msg_id], revoke: true, origin: ORIGIN }),
      at(peerId).doSee(by(1)),
      at(peerId).doTakeBackAll(by(0), person(2)),
    ]);
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [String((one.reason as Error).message)] : []));
    expect(new Set(failures.filter((message) => !message.includes('MESSAGE_ID_INVALID')))).toEqual(new Set());
    await world.restart();
    await world.runJobs('repeat');
    expect(await recountReactions(world, peerId)).toEqual([rows[0]!.global_id, rows[1]!.global_id].sort((a, b) => (a < b ? -1 : 1)));
  });
});
