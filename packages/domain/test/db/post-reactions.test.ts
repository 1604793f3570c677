import type { tl } from '@aerogram/tl';
import { beforeAll, describe, expect, it } from 'vitest';

import { onChannelHint, onUserHint, type PostRow, type UserHint } from '../../src/events/index.ts';
import { type UserRow, PeerSet } from '../../src/peers/index.ts';
import { projectPost } from '../../src/channel-state/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { stageChannels } from './channel-stage.ts';
import { proverOf } from './password-client.ts';
import { listRowsOfReactions, recountReactions } from './recount-reactions.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

describe('reactions to messages of supergroups and channels', () => {
  const stage = stageChannels(['Alice', 'Bob', 'Carol', 'Dave', 'Eve']);
  const { person, by, at, peerOf, nextRandomId } = stage;
  let world: World;
  let people: UserRow[];
  beforeAll(() => void ({ world, people } = stage));

  /** A channel of Alice, of which Bob and Carol are members. */
  const create = (kind: 'megagroup' | 'broadcast'): Promise<bigint> => stage.create({ kind, members: [1, 2] });

  async function send(n: number, channelId: bigint, text: string, replyTo?: number): Promise<PostRow> {
    const reply = replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined };
    const [row] = await at(channelId).posts.doSend({ ...by(n), parts: [{ randomId: nextRandomId(), text, flags: 0, extra: {} }], reply, signature: '' });
    return row!;
  }

  const react = (n: number, { peer_id, msg_id }: PostRow, ...emoticons: string[]): Promise<tl.updateMessageReactions> =>
    at(-peer_id - 10n ** 12n).reactions.doReact({ ...by(n), msgId: msg_id, emoticons, big: false, addsToRecent: true });

  /** What a viewer sees of the reactions to a message in its history. */
  async function seenBy(n: number, { peer_id, msg_id }: PostRow): Promise<tl.messageReactions | undefined> {
    const row = (await at(-peer_id - 10n ** 12n).posts.find(person(n), [msg_id])).get(msg_id)!;
    const message = projectPost(row, person(n));
    await world.domain.messageFiller.fill([message], person(n), new PeerSet());
    return (message as tl.message).reactions;
  }

  const countsOf = (reactions: tl.messageReactions | undefined) => reactions?.results.map(({ reaction, count, chosen_order }) => [(reaction as tl.reactionEmoji).emoticon, count, chosen_order]);

  const unreadOf = async (n: number, channelId: bigint) => {
    await world.runJobs();
    const content = await world.domain.dialogs.projectOfChannel(person(n), await world.domain.peers.accessInputPeer(person(n), inputOf(n, channelId)) as never);
    return content.dialog.unread_reactions_count;
  };

  const inputOf = (n: number, channel_id: bigint): tl.inputPeerChannel => ({ _: 'inputPeerChannel', channel_id, access_hash: world.domain.accessHashes.of('channel', person(n), channel_id) });

  it('are counted once each, shown with the newest three, and stay as they are when repeated', async () => {
    const group = await create('megagroup');
    const post = await send(1, group, 'hello');
    const first = await react(0, post, '👍');
    expect(first).toMatchObject({ peer: { _: 'peerChannel', channel_id: group }, msg_id: post.msg_id, reactions: { can_see_list: true, recent_reactions: [{ my: true, peer_id: { user_id: person(0) } }] } });
    await react(2, post, '👍');
    await react(1, post, '🔥');
    const before = await seenBy(0, post);
    expect(countsOf(before)).toEqual([['👍', 2, 0], ['🔥', 1, undefined]]);
    expect(before!.recent_reactions!.map((one) => (one.peer_id as tl.peerUser).user_id)).toEqual([person(1), person(2), person(0)]);
    const hints: UserHint[] = [];
    using _ = onUserHint(world.bus, person(0), (hint) => hints.push(hint));
    expect((await react(0, post, '👍')).reactions).toEqual(before);
    expect(hints).toEqual([]);
    await react(0, post, '🔥');
    expect(countsOf(await seenBy(0, post))).toEqual([['🔥', 2, 0], ['👍', 1, undefined]]);
    await react(0, post);
    await react(1, post);
    const last = await seenBy(0, post);
    expect(countsOf(last)).toEqual([['👍', 1, undefined]]);
    expect(last!.recent_reactions).toMatchObject([{ peer_id: { user_id: person(2) } }]);
  });

  it('are unread for the author of a message of a group until seen, in its topic too', async () => {
    const group = await create('megagroup');
    const root = await send(0, group, 'root');
    const post = await send(1, group, 'a reply', root.msg_id);
    const other = await send(1, group, 'no reply');
    await react(0, post, '👍');
    await react(1, other, '👍');
    expect(await unreadOf(1, group)).toBe(1);
    await react(2, other, '🔥');
    expect((await seenBy(1, other))!.recent_reactions!.map((one) => one.unread)).toEqual([true, undefined]);
    expect((await seenBy(0, other))!.recent_reactions!.some((one) => one.unread)).toBe(false);
    expect(await unreadOf(1, group)).toBe(2);
    const thread = await at(group).posts.accessPart(person(1), root.msg_id);
    expect(await at(group).posts.countUnseen('unread_reactions', person(1), thread)).toBe(1);
    // Nothing is left to see.
    await react(2, other);
    expect(await unreadOf(1, group)).toBe(1);
    expect(await at(group).reactions.doSee(by(1), thread)).toMatchObject({ offset: 0 });
    expect(await unreadOf(1, group)).toBe(0);
    await react(2, other, '🔥');
    await at(group).reactions.doSeeOf(by(0), [other.msg_id]);
    expect(await unreadOf(1, group)).toBe(1);
    await at(group).reactions.doSeeOf(by(1), [other.msg_id]);
    expect(await unreadOf(1, group)).toBe(0);
    expect((await seenBy(1, other))!.recent_reactions!.some((one) => one.unread)).toBe(false);
    // What comes while the author is away is unread when the author returns.
    await react(1, root, '👍');
    await at(group).reactions.doSee(by(0));
    await at(group).members.doLeave(by(0));
    await react(2, root, '👍');
    await world.runJobs();
    await at(group).members.doJoin(by(0));
    expect(await unreadOf(0, group)).toBe(1);
    // Nor is anything in what the author has cleared, or in what is gone.
    await react(2, post, '🔥');
    expect(await unreadOf(1, group)).toBe(1);
    await at(group).posts.doClear(by(1), 0);
    expect(await unreadOf(1, group)).toBe(0);
    await react(0, other, '👍');
    expect(await unreadOf(1, group)).toBe(0);
    await world.db.q.insertInto('unread_reactions').values({ owner_id: person(1), peer_id: post.peer_id, msg_id: 1_000_000, top_id: null }).execute();
    await at(group).reactions.doSee(by(1));
    expect(await unreadOf(1, group)).toBe(0);
  });

  it('are listed page by page, and nobody learns who reacts in a broadcast channel', async () => {
    const group = await create('megagroup');
    const post = await send(0, group, 'hello');
    for (const [n, emoticon] of ['👍', '🔥', '👍'].entries()) await react(n, post, emoticon);
    const { listOf } = at(group).reactions;
    const page = await listOf(person(0), post.msg_id, { emoticon: undefined, after: undefined, limit: 2 });
    expect(page).toMatchObject({ count: 3, reactions: [{ peer_id: { user_id: person(2) } }, { peer_id: { user_id: person(1) } }] });
    expect(await listOf(person(0), post.msg_id, { emoticon: undefined, after: page.next, limit: 2 })).toMatchObject({ reactions: [{ my: true }], next: undefined });
    expect(await listOf(person(0), post.msg_id, { emoticon: '👍', after: undefined, limit: 9 })).toMatchObject({ count: 2, reactions: [{}, {}] });
    const channel = await create('broadcast');
    const news = await send(0, channel, 'news');
    const shown = (await react(1, news, '👍')).reactions;
    expect(shown).toEqual({ _: 'messageReactions', results: [{ _: 'reactionCount', chosen_order: 0, reaction: { _: 'reactionEmoji', emoticon: '👍' }, count: 1 }] });
    expect(await seenBy(0, news)).toEqual({ ...shown, results: [{ ...shown.results[0]!, chosen_order: undefined }] });
    expect(await errorOf(at(channel).reactions.listOf(person(0), news.msg_id, { emoticon: undefined, after: undefined, limit: 9 }))).toBe('BROADCAST_FORBIDDEN');
    expect(await errorOf(at(channel).reactions.hasReacted(person(0), news.msg_id, person(1)))).toBe('BROADCAST_FORBIDDEN');
    expect(await errorOf(at(channel).reactions.doTakeBack(by(0), news.msg_id, person(1)))).toBe('PEER_ID_INVALID');
  });

  it('are refused to those who may not see the message or may not react, and where admins do not allow them', async () => {
    const group = await create('megagroup');
    const old = await send(0, group, 'old');
    await react(0, old, '👍');
    await at(group).settings.doHideHistory(by(0), true);
    await at(group).members.doInvite(by(0), [people[3]!]);
    expect(await errorOf(react(3, old, '👍'))).toBe('MESSAGE_ID_INVALID');
    expect(await at(group).reactions.listUpdates(person(3), [old.msg_id])).toEqual([]);
    expect(await errorOf(at(group).reactions.listOf(person(3), old.msg_id, { emoticon: undefined, after: undefined, limit: 9 }))).toBe('MSG_ID_INVALID');
    expect(await errorOf(react(4, old, '👍'))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(at(group).reactions.listUpdates(person(4), [old.msg_id]))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(react(1, { ...old, msg_id: 1 }, '👍'))).toBe('MESSAGE_ID_INVALID');
    expect(await errorOf(react(1, { ...old, msg_id: 999 }, '👍'))).toBe('MESSAGE_ID_INVALID');
    await at(group).settings.doEditDefaultRights(by(0), { _: 'chatBannedRights', send_reactions: true, until_date: 0 });
    expect(await errorOf(react(1, old, '👍'))).toBe('CHAT_WRITE_FORBIDDEN');
    const some = (...emoticons: string[]): tl.chatReactionsSome => ({ _: 'chatReactionsSome', reactions: emoticons.map((emoticon) => ({ _: 'reactionEmoji', emoticon })) });
    expect(await errorOf(at(group).settings.doSetReactions(by(0), some('🔥'), 12))).toBe('LIMIT_PER_POST_INVALID');
    await at(group).settings.doEditDefaultRights(by(0), { _: 'chatBannedRights', until_date: 0 });
    await at(group).settings.doSetReactions(by(0), some('🔥', '👎'), 2);
    expect(await errorOf(at(group).settings.doSetReactions(by(0), some('🔥', '👎'), 2))).toBe('CHAT_NOT_MODIFIED');
    expect(await errorOf(react(1, old, '👍'))).toBe('REACTION_INVALID');
    await react(1, old, '🔥');
    expect(await errorOf(react(2, old, '👎'))).toBe('REACTIONS_TOO_MANY');
    // What was given before stays.
    await at(group).settings.doSetReactions(by(0), { _: 'chatReactionsNone' }, undefined);
    expect(countsOf(await seenBy(1, old))).toEqual([['👍', 1, undefined], ['🔥', 1, 0]]);
    await react(0, old);
    const full = await world.domain.channels.findFull(person(1), (await world.domain.peers.accessInputPeer(person(1), inputOf(1, group))) as never);
    expect([full.available_reactions, full.reactions_limit]).toEqual([{ _: 'chatReactionsNone' }, undefined]);
  });

  it('are given and seen by those who are not in a discussion group on comments only', async () => {
    const pair = { channelId: await create('broadcast'), groupId: await create('megagroup') };
    await world.domain.channels.discussions.doLink(by(0), pair);
    await at(pair.channelId).members.doInvite(by(0), [people[4]!]);
    const news = await send(0, pair.channelId, 'news');
    await world.runJobs();
    const rootId = await at(pair.groupId).posts.findCommentRoot(pair.channelId, news.msg_id);
    const comment = await send(1, pair.groupId, 'a comment', rootId);
    const inside = await send(1, pair.groupId, 'for members');
    expect(await react(4, comment, '👍')).toMatchObject({ top_msg_id: rootId, reactions: { results: [{ chosen_order: 0, count: 1 }] } });
    await react(2, inside, '👍');
    expect(await errorOf(react(4, inside, '👍'))).toBe('MESSAGE_ID_INVALID');
    expect(await at(pair.groupId).reactions.listUpdates(person(4), [comment.msg_id, inside.msg_id])).toMatchObject([{ msg_id: comment.msg_id }]);
    const all = { emoticon: undefined, after: undefined, limit: 9 };
    expect(await at(pair.groupId).reactions.listOf(person(4), comment.msg_id, all)).toMatchObject({ count: 1 });
    expect(await errorOf(at(pair.groupId).reactions.listOf(person(4), inside.msg_id, all))).toBe('MSG_ID_INVALID');
    await at(pair.groupId).settings.doSetJoinToSend(by(0), true);
    expect(await errorOf(react(4, comment, '🔥'))).toBe('CHAT_GUEST_SEND_FORBIDDEN');
    await at(pair.channelId).members.doEditBanned({ ...by(0), userId: person(4), rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    expect(await errorOf(at(pair.groupId).reactions.listUpdates(person(4), [comment.msg_id]))).toBe('CHANNEL_PRIVATE');
  });

  it('are told to all without what concerns a single viewer, to the author in full, and to nobody from whom the message is hidden', async () => {
    const group = await create('megagroup');
    const post = await send(1, group, 'hello');
    await world.domain.postReactions.flush();
    const told: UserHint[] = [];
    const toAuthor: UserHint[] = [];
    using _all = onChannelHint(world.bus, peerOf(group), (hint) => told.push(hint));
    using _author = onUserHint(world.bus, person(1), (hint) => toAuthor.push(hint));
    await Promise.all([react(0, post, '👍'), react(2, post, '👍')]);
    await world.domain.postReactions.flush();
    expect(told).toMatchObject([{ kind: 'transient', update: { _: 'updateMessageReactions', reactions: { min: true, results: [{ count: 2 }] } } }]);
    const { update } = told[0] as Extract<UserHint, { kind: 'transient' }>;
    const shown = (update as tl.updateMessageReactions).reactions;
    expect([...shown.results, ...shown.recent_reactions!].some((one) => 'chosen_order' in one && one.chosen_order !== undefined)).toBe(false);
    expect(shown.recent_reactions!.some((one) => one.my || one.unread)).toBe(false);
    expect(toAuthor).toMatchObject([{ update: { reactions: { recent_reactions: [{ unread: true }, { unread: true }] } } }]);
    await at(group).settings.doHideHistory(by(0), true);
    await at(group).members.doInvite(by(0), [people[3]!]);
    expect(await world.domain.channelUpdates.projectTransient(person(3), peerOf(group), update)).toBeUndefined();
    // Nor to an author who has left.
    await at(group).members.doLeave(by(1));
    toAuthor.length = 0;
    await react(2, post, '🔥');
    await world.domain.postReactions.flush();
    expect(toAuthor.filter((hint) => hint.kind === 'transient' && hint.update._ === 'updateMessageReactions')).toEqual([]);
    const event = { kind: 'update' as const, pts: 0, ptsCount: 0, date: 0, update, looseSeq: 0 };
    const classes = (await world.domain.channelUpdates.projectClasses([person(2), person(3)], peerOf(group), [event]))!;
    expect([...classes.others, ...classes.classes.flatMap((one) => one.viewers)]).toEqual([person(2)]);
  });

  it('may be given in the name of the group, and only the giver learns who is behind it', async () => {
    const group = await create('megagroup');
    const post = await send(1, group, 'hello');
    await at(group).members.doEditAdmin({ ...by(0), userId: person(0), rights: { _: 'chatAdminRights', anonymous: true }, rank: '' });
    await react(0, post, '👍');
    expect((await seenBy(0, post))!.recent_reactions).toMatchObject([{ my: true, peer_id: { channel_id: group } }]);
    const seen = (await seenBy(1, post))!.recent_reactions!;
    expect(seen).toMatchObject([{ unread: true, peer_id: { channel_id: group } }]);
    expect(seen[0]!.my).toBeUndefined();
    expect(await at(group).reactions.hasReacted(person(1), post.msg_id, person(0))).toBe(false);
    expect(await at(group).reactions.hasReacted(person(1), post.msg_id, peerOf(group))).toBe(true);
    await at(group).members.doEditAdmin({ ...by(0), userId: person(0), rights: { _: 'chatAdminRights' }, rank: '' });
    // Somebody stands once per reaction, whatever name they act in.
    await react(0, post, '👍');
    expect(countsOf(await seenBy(0, post))).toEqual([['👍', 1, 0]]);
    // A further one is given in the present name; each has one name only.
    await react(0, post, '👍', '🔥');
    expect((await seenBy(0, post))!.recent_reactions).toMatchObject([{ my: true, peer_id: { user_id: person(0) }, reaction: { emoticon: '🔥' } }, { my: true, peer_id: { channel_id: group }, reaction: { emoticon: '👍' } }]);
    expect(await at(group).reactions.listOf(person(1), post.msg_id, { emoticon: undefined, after: undefined, limit: 9 })).toMatchObject({ count: 2, reactions: [{ peer_id: { user_id: person(0) } }, { peer_id: { channel_id: group } }] });
    // Admins take back what is shown, so that what another name has given stays.
    await at(group).reactions.doTakeBack(by(0), post.msg_id, person(0));
    expect(countsOf(await seenBy(0, post))).toEqual([['👍', 1, 0]]);
  });

  it('of one account are several, each counted once, and the newest three are shown', async () => {
    const group = await create('megagroup');
    const post = await send(1, group, 'hello');
    await react(0, post, '👍', '🔥', '👎');
    await react(2, post, '🔥');
    const seen = (await seenBy(0, post))!;
    expect(countsOf(seen)).toEqual([['🔥', 2, 1], ['👍', 1, 0], ['👎', 1, 2]]);
    expect(seen.recent_reactions).toHaveLength(3);
    await react(0, post, '👎', '👍');
    expect(countsOf(await seenBy(0, post))).toEqual([['👍', 1, 0], ['🔥', 1, undefined], ['👎', 1, 1]]);
    expect(await recountReactions(world, peerOf(group))).toEqual([BigInt(post.msg_id)]);
  });

  it('are taken back by admins, one by one or all of a member, and with an account', async () => {
    const group = await create('megagroup');
    const posts = [await send(0, group, 'one'), await send(0, group, 'two')];
    for (const post of posts) for (const n of [1, 2]) await react(n, post, '👍');
    expect(await errorOf(at(group).reactions.doTakeBack(by(1), posts[0]!.msg_id, person(2)))).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect(await errorOf(at(group).reactions.doTakeBackAll(by(1), person(2)))).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect((await at(group).reactions.doTakeBack(by(0), posts[0]!.msg_id, person(2))).reactions).toMatchObject({ results: [{ count: 1 }] });
    await at(group).reactions.doTakeBack(by(0), posts[0]!.msg_id, person(2));
    await at(group).reactions.doTakeBackAll(by(0), person(1));
    await world.runJobs('repeat');
    expect(countsOf(await seenBy(0, posts[0]!))).toBeUndefined();
    expect(countsOf(await seenBy(0, posts[1]!))).toEqual([['👍', 1, undefined]]);
    const { userId, key } = await world.signUp('9996621777', 'Zoe');
    await at(group).members.doInvite(by(0), [(await world.domain.users.findRows([userId])).get(userId)!]);
    await at(group).reactions.doReact({ actorId: userId, origin: ORIGIN, msgId: posts[1]!.msg_id, emoticons: ['👍'], big: false, addsToRecent: false });
    expect(countsOf(await seenBy(0, posts[1]!))).toEqual([['👍', 2, undefined]]);
    await world.domain.auth.doDeleteAccount(proverOf(key), undefined);
    await world.runJobs('repeat');
    expect(countsOf(await seenBy(0, posts[1]!))).toEqual([['👍', 1, undefined]]);
    await at(group).reactions.doTakeBack(by(0), posts[1]!.msg_id, person(2));
    expect(await unreadOf(0, group)).toBe(0);
  });

  it('go with their message', async () => {
    const group = await create('megagroup');
    const post = await send(1, group, 'hello');
    await react(0, post, '👍');
    await at(group).posts.doDelete(by(1), [post.msg_id]);
    await world.runJobs('repeat');
    expect(await listRowsOfReactions(world, peerOf(group))).toEqual([]);
    expect(await unreadOf(1, group)).toBe(0);
    expect(await errorOf(react(0, post, '👍'))).toBe('MESSAGE_ID_INVALID');
  });

  it('go with their topic and with the group', async () => {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind: 'megagroup', forum: true, title: 'A forum', about: '', ttlPeriod: 0, randomId: nextRandomId(), origin: ORIGIN });
    const group = -first.owner_id - 10n ** 12n;
    await at(group).members.doInvite(by(0), [people[1]!]);
    const topic = await at(group).topics.doCreate({ ...by(0), title: 'A topic', color: undefined, sendAs: undefined, randomId: nextRandomId() });
    const [inTopic] = await at(group).posts.doSend({ ...by(1), parts: [{ randomId: nextRandomId(), text: 'in the topic', flags: 0, extra: {} }], reply: undefined, topicId: topic.msg_id, signature: '' });
    const kept = await send(1, group, 'kept');
    for (const post of [inTopic!, kept]) await react(0, post, '👍');
    expect(await unreadOf(1, group)).toBe(2);
    await at(group).topics.doDelete(by(0), topic.msg_id);
    expect(await unreadOf(1, group)).toBe(1);
    await world.runJobs('repeat');
    expect(await recountReactions(world, peerOf(group))).toEqual([BigInt(kept.msg_id)]);
    await at(group).settings.doDelete(by(0));
    await world.runJobs('repeat');
    expect(await listRowsOfReactions(world, peerOf(group))).toEqual([]);
  });

  it('have totals that equal a recount after everybody has changed their mind at once, again and again, also while messages are deleted', async () => {
    const group = await create('megagroup');
    const posts = [await send(0, group, 'one'), await send(1, group, 'two'), await send(2, group, 'three')];
    const emoji = ['👍', '🔥', '👎', undefined];
    const calls = Array.from({ length: 120 }, (_, n) => ({ who: n % 3, post: posts[(n * 7) % 3]!, emoticon: emoji[(n * 5 + Math.floor(n / 3)) % 4] }));
    const outcomes = await Promise.allSettled([
      ...calls.flatMap(({ who, post, emoticon }) => [react(who, post, ...(emoticon === undefined ? [] : [emoticon])), react(who, post, ...(emoticon === undefined ? [] : [emoticon]))]),
      at(group).posts.doDelete(by(0), [posts[2]!.msg_id]),
      at(group).reactions.doSee(by(1)),
      at(group).reactions.doTakeBackAll(by(0), person(2)),
    ]);
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [String((one.reason as Error).message)] : []));
    expect(new Set(failures.filter((message) => !message.includes('MESSAGE_ID_INVALID')))).toEqual(new Set());
    await world.restart();
    await world.runJobs('repeat');
    expect(await recountReactions(world, peerOf(group))).toEqual([posts[0]!, posts[1]!].map((post) => BigInt(post.msg_id)));
  });
});
