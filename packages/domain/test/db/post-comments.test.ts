import type { tl } from '@aerogram/tl';
import { beforeAll, describe, expect, it } from 'vitest';

import { projectPost } from '../../src/channel-state/index.ts';
import { hasFlag, MessageFlag, type PostRow, unpackMessageExtra } from '../../src/events/index.ts';
import { PeerSet } from '../../src/peers/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { stageChannels } from './channel-stage.ts';

describe('posts of a channel with a discussion group', () => {
  const stage = stageChannels(['Alice', 'Bob', 'Carol']);
  const { person, by, at, peerOf, nextRandomId } = stage;
  let world: World;
  beforeAll(() => void ({ world } = stage));

  const create = (kind: 'megagroup' | 'broadcast'): Promise<bigint> => stage.create({ kind, members: [1, 2] });

  /** A channel and its discussion group, both with three members. */
  async function createLinked(): Promise<{ channelId: bigint; groupId: bigint }> {
    const pair = { channelId: await create('broadcast'), groupId: await create('megagroup') };
    await world.domain.channels.discussions.doLink(by(0), pair);
    await world.runJobs();
    return pair;
  }

  async function send(n: number, channelId: bigint, texts: readonly string[], { replyTo, groupedId, flags = 0 }: { replyTo?: number; groupedId?: bigint; flags?: number } = {}): Promise<PostRow[]> {
    const reply = replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined };
    return at(channelId).posts.doSend({ ...by(n), parts: texts.map((text) => ({ randomId: nextRandomId(), text, flags, extra: { groupedId } })), reply, signature: '' });
  }

  const post = async (channelId: bigint, text = 'news'): Promise<PostRow> => (await send(0, channelId, [text]))[0]!;

  /** The messages of a group that are no service messages, the oldest first. */
  async function messagesOf(groupId: bigint): Promise<PostRow[]> {
    const rows = await at(groupId).posts.listHistory(person(0), { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 });
    return rows.filter((row) => !hasFlag(row, MessageFlag.service)).reverse();
  }

  const serviceMessages = async (groupId: bigint): Promise<number> =>
    (await at(groupId).posts.listHistory(person(0), { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 })).filter((row) => hasFlag(row, MessageFlag.service)).length;

  const fwdOf = (row: PostRow) => unpackMessageExtra(row.extra).fwdFrom;

  /** Lets a second pass, after which channels are told of comments, and runs the jobs. */
  async function tell(crash?: 'repeat'): Promise<void> {
    await world.db.q.updateTable('jobs').set({ run_ms: 0n }).where('kind', '=', 'tell-comments').execute();
    await world.runJobs(crash);
  }

  /** What a viewer sees of the replies of messages, and the peers that are sent along. */
  async function repliesOf(viewerId: bigint, channelId: bigint, msgIds: readonly number[]): Promise<{ replies: (tl.messageReplies | undefined)[]; named: PeerSet }> {
    const rows = await at(channelId).posts.find(viewerId, msgIds);
    const messages = msgIds.map((id) => projectPost(rows.get(id)!, viewerId));
    const named = new PeerSet();
    await world.domain.messageFiller.fill(messages, viewerId, named);
    return { replies: messages.map((message) => (message as tl.message).replies), named };
  }

  const copyOf = async (groupId: bigint, text: string): Promise<PostRow> => (await messagesOf(groupId)).find((row) => row.text === text)!;

  it('are copied once each by the channel, however often the job runs and across a restart', async () => {
    const { channelId, groupId } = await createLinked();
    const before = await serviceMessages(groupId);
    const first = await post(channelId, 'one');
    expect(projectPost(first, person(1))).toMatchObject({ replies: { comments: true, channel_id: groupId, replies: 0 } });
    await world.runJobs('repeat');
    const second = await post(channelId, 'two');
    await world.restart();
    await world.runJobs('repeat');
    const copies = await messagesOf(groupId);
    expect(copies.map((row) => row.text)).toEqual(['one', 'two']);
    expect(copies.map((row) => row.from_id)).toEqual([peerOf(channelId), peerOf(channelId)]);
    const channel = { _: 'peerChannel', channel_id: channelId };
    expect(copies.map(fwdOf)).toMatchObject([first, second].map(({ msg_id, date }) => ({ from_id: channel, channel_post: msg_id, saved_from_peer: channel, saved_from_msg_id: msg_id, date })));
    expect(copies.every((row) => hasFlag(row, MessageFlag.pinned) && !hasFlag(row, MessageFlag.post))).toBe(true);
    // Neither a pin nor the link is announced.
    expect(await serviceMessages(groupId)).toBe(before);
    expect(await at(groupId).posts.countPinned(person(1))).toBe(2);
  });

  it('are not copied if they say what the server does', async () => {
    const { channelId, groupId } = await createLinked();
    await at(channelId).settings.doEditTitle(by(0), 'Another title');
    await world.runJobs();
    expect(await messagesOf(groupId)).toEqual([]);
  });

  it('are copied with the whole album, whose first message starts the thread', async () => {
    const { channelId, groupId } = await createLinked();
    const album = await send(0, channelId, ['a', 'b', 'c'], { groupedId: 77n, flags: MessageFlag.silent | MessageFlag.fromScheduled });
    await world.runJobs('repeat');
    const copies = await messagesOf(groupId);
    expect(copies.map((row) => row.text)).toEqual(['a', 'b', 'c']);
    expect(copies.map((row) => [unpackMessageExtra(row.extra).groupedId, hasFlag(row, MessageFlag.silent)])).toEqual([[77n, true], [77n, true], [77n, true]]);
    // A copy does not say that its post was scheduled.
    expect(copies.some((row) => hasFlag(row, MessageFlag.fromScheduled))).toBe(false);
    const [reply] = await send(1, groupId, ['to the second'], { replyTo: copies[1]!.msg_id });
    expect(reply!.top_id).toBe(copies[0]!.msg_id);
    for (const { msg_id } of album) expect(await at(groupId).posts.findCommentRoot(channelId, msg_id)).toBe(copies[0]!.msg_id);
    const opened = await at(groupId).posts.openThread(person(2), copies[2]!.msg_id);
    expect(opened.roots.map((row) => row.text)).toEqual(['c', 'b', 'a']);
    expect(opened).toMatchObject({ maxId: reply!.msg_id, unread: 1 });
  });

  it('show their edits and deletions in the copies, in whatever order the jobs run', async () => {
    const { channelId, groupId } = await createLinked();
    const edited = await post(channelId, 'first words');
    const deleted = await post(channelId, 'to be deleted');
    const neverCopied = await post(channelId, 'gone before it was copied');
    await at(channelId).posts.doDelete(by(0), [neverCopied.msg_id]);
    const jobs = await world.db.q.selectFrom('jobs').selectAll().where('kind', '=', 'copy-posts').execute();
    await world.runJobs();
    await at(channelId).posts.doEdit({ ...by(0), msgId: edited.msg_id, text: { text: 'last words', entities: [] }, noWebpage: false, invertMedia: false });
    await at(channelId).posts.doDelete(by(0), [deleted.msg_id]);
    await world.runJobs('repeat');
    // The first jobs again, as if they had been late.
    await world.db.q.insertInto('jobs').values(jobs).execute();
    await world.runJobs('repeat');
    const copies = await messagesOf(groupId);
    expect(copies.map((row) => [row.text, row.edit_date !== null])).toEqual([['last words', true]]);
    expect(fwdOf(copies[0]!)).toMatchObject({ saved_from_msg_id: edited.msg_id });
    expect(hasFlag(copies[0]!, MessageFlag.pinned)).toBe(true);
    // What the channel does is not shown as the deed of an admin of the group.
    const log = await at(groupId).log.list(person(0), { q: '', filters: undefined, userIds: undefined, maxId: 0n, minId: 0n, limit: 100 });
    expect(log.filter(({ action }) => /EditMessage|DeleteMessage/.test(action._))).toEqual([]);
  });

  it('show the number of comments and the last to comment, and nobody is counted twice', async () => {
    const { channelId, groupId } = await createLinked();
    const { msg_id: postId } = await post(channelId, 'what do you think?');
    await world.runJobs();
    const root = (await copyOf(groupId, 'what do you think?')).msg_id;
    expect((await repliesOf(person(2), channelId, [postId])).replies).toMatchObject([{ comments: true, replies: 0, channel_id: groupId }]);
    const [one] = await send(1, groupId, ['one'], { replyTo: root });
    const [two] = await send(0, groupId, ['two'], { replyTo: one!.msg_id });
    const [three] = await send(1, groupId, ['three'], { replyTo: root });
    // What comes within a second is told together.
    expect(await world.db.q.selectFrom('jobs').select('kind').where('kind', '=', 'tell-comments').execute()).toHaveLength(1);
    await tell('repeat');
    const shown = await repliesOf(person(2), channelId, [postId]);
    const version = shown.replies[0]!.replies_pts;
    const peers = [1, 0].map((n) => ({ _: 'peerUser', user_id: person(n) }));
    expect(shown.replies).toMatchObject([{ comments: true, replies: 3, max_id: three!.msg_id, recent_repliers: peers }]);
    expect(shown.named.users).toEqual([person(1), person(0)]);
    expect(shown.named.chats).toEqual([peerOf(groupId)]);
    await at(groupId).posts.doReadThread(person(2), root, two!.msg_id);
    expect((await repliesOf(person(2), channelId, [postId])).replies).toMatchObject([{ read_max_id: two!.msg_id }]);
    await at(groupId).posts.doDelete(by(1), [three!.msg_id]);
    await world.restart();
    await tell();
    const { replies } = await repliesOf(person(2), channelId, [postId]);
    expect(replies).toMatchObject([{ replies: 2, max_id: two!.msg_id, recent_repliers: peers.toReversed() }]);
    expect(replies[0]!.replies_pts).toBeGreaterThan(version);
    const thread = await world.db.q.selectFrom('channel_messages').select('msg_id').where('channel_id', '=', groupId).where('top_id', '=', root).execute();
    expect(thread).toHaveLength(replies[0]!.replies);
  });

  it('show no comments once the group has deleted the copy, which is not made again', async () => {
    const { channelId, groupId } = await createLinked();
    const { msg_id: postId } = await post(channelId, 'no comments, please');
    await world.runJobs();
    const root = (await copyOf(groupId, 'no comments, please')).msg_id;
    await send(1, groupId, ['a comment'], { replyTo: root });
    await at(groupId).posts.doDelete(by(0), [root]);
    await tell('repeat');
    await at(channelId).posts.doEdit({ ...by(0), msgId: postId, text: { text: 'edited', entities: [] }, noWebpage: false, invertMedia: false });
    await tell();
    expect((await messagesOf(groupId)).map((row) => row.text)).toEqual(['a comment']);
    expect((await repliesOf(person(1), channelId, [postId])).replies).toEqual([undefined]);
    expect(await errorOf(at(groupId).posts.openThread(person(1), root))).toBe('MSG_ID_INVALID');
  });

  it('are still opened by members who have cleared the history of the group, with the comments since then', async () => {
    const { channelId, groupId } = await createLinked();
    const { msg_id: postId } = await post(channelId, 'old news');
    await world.runJobs();
    const root = (await copyOf(groupId, 'old news')).msg_id;
    const [before] = await send(1, groupId, ['hidden'], { replyTo: root });
    const [other] = await send(1, groupId, ['no post']);
    await at(groupId).posts.doClear(by(2), 0);
    const [after] = await send(1, groupId, ['shown'], { replyTo: root });
    expect((await at(groupId).posts.openThread(person(2), await at(groupId).posts.findCommentRoot(channelId, postId))).roots.map((row) => row.msg_id)).toEqual([root]);
    const { rows } = await at(groupId).posts.listReplies(person(2), root, { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 });
    expect(rows.map((row) => row.msg_id)).toEqual([after!.msg_id]);
    for (const hidden of [before!, other!]) expect(await errorOf(at(groupId).posts.openThread(person(2), hidden.msg_id))).toBe('MSG_ID_INVALID');
  });

  it('show comments only while the group is linked in which these were written', async () => {
    const { channelId, groupId } = await createLinked();
    const old = await post(channelId, 'before');
    await world.runJobs();
    const otherGroup = await create('megagroup');
    await world.domain.channels.discussions.doLink(by(0), { channelId, groupId: otherGroup });
    await world.runJobs();
    const fresh = await post(channelId, 'after');
    await at(channelId).posts.doEdit({ ...by(0), msgId: old.msg_id, text: { text: 'edited', entities: [] }, noWebpage: false, invertMedia: false });
    await world.runJobs();
    expect((await messagesOf(groupId)).map((row) => row.text)).toEqual(['before']);
    expect((await messagesOf(otherGroup)).map((row) => row.text)).toEqual(['after']);
    const shown = await repliesOf(person(1), channelId, [old.msg_id, fresh.msg_id]);
    expect(shown.replies).toMatchObject([undefined, { channel_id: otherGroup }]);
    expect(shown.named.chats).toEqual([peerOf(otherGroup)]);
    expect(await errorOf(at(channelId).posts.findCommentGroup(person(1), old.msg_id))).toBe('MSG_ID_INVALID');
    expect(await at(channelId).posts.findCommentGroup(person(1), fresh.msg_id)).toMatchObject({ groupId: otherGroup });
    await at(otherGroup).settings.doDelete(by(0));
    await world.runJobs();
    expect((await repliesOf(person(1), channelId, [fresh.msg_id])).replies).toEqual([undefined]);
    expect(await world.db.q.selectFrom('post_copies').select('post_id').where('channel_id', '=', otherGroup).execute()).toEqual([]);
    expect(projectPost(await post(channelId, 'without a group'), person(1))).not.toHaveProperty('replies');
  });

  it('cannot be forwarded from the group if the content of the channel is protected', async () => {
    const { channelId, groupId } = await createLinked();
    await at(channelId).settings.doSetProtection(by(0), true);
    await post(channelId, 'a secret');
    await world.runJobs();
    expect(hasFlag(await copyOf(groupId, 'a secret'), MessageFlag.noforwards)).toBe(true);
  });

  it('are copied as soon as the group knows of its channel', async () => {
    const { channelId, groupId } = await createLinked();
    await world.db.q.updateTable('channels').set({ linked_chat_id: null }).where('channel_id', '=', groupId).execute();
    await post(channelId, 'early');
    await expect(world.runJobs()).rejects.toThrow('does not know its channel yet');
    await world.db.q.updateTable('channels').set({ linked_chat_id: channelId }).where('channel_id', '=', groupId).execute();
    await world.runJobs();
    expect((await messagesOf(groupId)).map((row) => row.text)).toEqual(['early']);
  });

  it('leave nothing behind on the side of the channel when they are deleted', async () => {
    const { channelId, groupId } = await createLinked();
    const { msg_id: postId } = await post(channelId, 'short-lived');
    await world.runJobs();
    await send(1, groupId, ['a comment'], { replyTo: (await copyOf(groupId, 'short-lived')).msg_id });
    await tell();
    await at(channelId).posts.doDelete(by(0), [postId]);
    await tell('repeat');
    expect(await world.db.q.selectFrom('post_comments').select('msg_id').where('channel_id', '=', channelId).execute()).toEqual([]);
    expect((await messagesOf(groupId)).map((row) => row.text)).toEqual(['a comment']);
  });

  it('follow what happened while the group was not linked, once it is linked again', async () => {
    const { channelId, groupId } = await createLinked();
    const link = (): Promise<void> => world.domain.channels.discussions.doLink(by(0), { channelId, groupId });
    const edited = await post(channelId, 'first words');
    const deleted = await post(channelId, 'to be deleted');
    await world.runJobs();
    const missed = await post(channelId, 'late');
    await world.domain.channels.discussions.doUnlinkChannel(by(0), channelId);
    await at(channelId).posts.doEdit({ ...by(0), msgId: edited.msg_id, text: { text: 'last words', entities: [] }, noWebpage: false, invertMedia: false });
    await at(channelId).posts.doDelete(by(0), [deleted.msg_id]);
    await post(channelId, 'without a group');
    await world.runJobs('repeat');
    expect((await messagesOf(groupId)).map((row) => row.text)).toEqual(['first words', 'to be deleted']);
    await link();
    // Until it has its copy, nobody is offered to comment.
    expect((await repliesOf(person(1), channelId, [missed.msg_id])).replies).toEqual([undefined]);
    await world.runJobs('repeat');
    expect((await messagesOf(groupId)).map((row) => row.text)).toEqual(['last words', 'late']);
    expect((await repliesOf(person(1), channelId, [missed.msg_id])).replies).toMatchObject([{ comments: true, replies: 0, channel_id: groupId }]);
    expect((await at(groupId).posts.openThread(person(1), (await copyOf(groupId, 'late')).msg_id)).roots).toHaveLength(1);
  });

  it('show the comments below each post of an album, and none once the first of them is deleted', async () => {
    const { channelId, groupId } = await createLinked();
    const album = (await send(0, channelId, ['a', 'b'], { groupedId: 78n })).map((row) => row.msg_id);
    await world.runJobs();
    const [first, second] = await messagesOf(groupId);
    await send(1, groupId, ['a comment'], { replyTo: second!.msg_id });
    await tell('repeat');
    expect((await repliesOf(person(1), channelId, album)).replies).toMatchObject([{ replies: 1 }, { replies: 1 }]);
    await at(channelId).posts.doDelete(by(0), [album[0]!]);
    await tell('repeat');
    expect((await repliesOf(person(1), channelId, [album[1]!])).replies).toEqual([undefined]);
    // What is left of the album in the group has a thread of its own.
    const [answer] = await send(1, groupId, ['another thread'], { replyTo: second!.msg_id });
    expect([answer!.top_id, first!.msg_id]).toEqual([second!.msg_id, first!.msg_id]);
    expect(await at(groupId).posts.openThread(person(2), second!.msg_id)).toMatchObject({ maxId: answer!.msg_id });
  });

  it('are protected in the group as soon as the channel is, and do not expire with its messages', async () => {
    const { channelId, groupId } = await createLinked();
    await at(groupId).settings.doSetLifetime(by(0), 86_400);
    await post(channelId, 'open at first');
    await world.runJobs();
    expect(await copyOf(groupId, 'open at first')).toMatchObject({ ttl_period: null });
    for (const enabled of [true, false]) {
      await at(channelId).settings.doSetProtection(by(0), enabled);
      await world.runJobs('repeat');
      expect(hasFlag(await copyOf(groupId, 'open at first'), MessageFlag.noforwards)).toBe(enabled);
    }
  });

  it('are answered below by whoever names the thread alone, as for a forward', async () => {
    const { channelId, groupId } = await createLinked();
    await post(channelId, 'a post');
    await world.runJobs();
    const root = (await copyOf(groupId, 'a post')).msg_id;
    const sendTo = (topicId: number) => at(groupId).posts.doSend({ ...by(1), parts: [{ randomId: nextRandomId(), text: 'below', flags: 0, extra: {} }], reply: undefined, topicId, signature: '' });
    expect(await sendTo(root)).toMatchObject([{ top_id: root, reply_to_msg_id: root }]);
    expect(await errorOf(sendTo(root + 100))).toBe('REPLY_MESSAGE_ID_INVALID');
  });
});
