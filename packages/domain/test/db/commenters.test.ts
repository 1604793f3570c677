import type { tl } from '@aerogram/tl';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { NewPosts } from '../../src/channel-posts/send-post.ts';
import { packMessageExtra, type PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { stageChannels } from './channel-stage.ts';

const WINDOW = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0 };
/** The people: the owner of everything, a subscriber of the channel, another one, and somebody who is in neither. */
const [OWNER, BOB, CAROL, DAVE] = [0, 1, 2, 3];

describe('comments of people who are not in the discussion group', () => {
  const stage = stageChannels(['Alice', 'Bob', 'Carol', 'Dave']);
  const { person, by, at, peerOf, nextRandomId } = stage;
  let world: World;
  let people: UserRow[];
  let channelId: bigint;
  let groupId: bigint;
  /** The copy of a post in the group, and a message of the group that belongs to no post. */
  let root: number;
  let other: number;
  beforeAll(() => void ({ world, people } = stage));

  const create = (kind: 'megagroup' | 'broadcast'): Promise<bigint> => stage.create({ kind, title: kind });

  async function send(n: number, id: bigint, { text = 'a text', replyTo, ...more }: { text?: string; replyTo?: number } & Partial<NewPosts> = {}): Promise<PostRow> {
    const reply = replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined };
    const parts = [{ randomId: nextRandomId(), text, flags: 0, extra: {} }];
    return (await at(id).posts.doSend({ ...by(n), parts, reply, signature: '', ...more }))[0]!;
  }

  /** Puts a copy of a post of the channel into the group. */
  async function copyPost(): Promise<number> {
    const post = await send(OWNER, channelId);
    const { msg_id } = await send(OWNER, groupId);
    const peer = { _: 'peerChannel', channel_id: channelId } as const;
    const fwdFrom: tl.messageFwdHeader = { _: 'messageFwdHeader', date: post.date, from_id: peer, channel_post: post.msg_id, saved_from_peer: peer, saved_from_msg_id: post.msg_id };
    await world.db.q.updateTable('channel_messages').set({ from_id: peerOf(channelId), extra: packMessageExtra({ fwdFrom }) }).where('channel_id', '=', groupId).where('msg_id', '=', msg_id).execute();
    return msg_id;
  }

  beforeEach(async () => {
    [channelId, groupId] = [await create('broadcast'), await create('megagroup')];
    await at(channelId).members.doInvite(by(OWNER), [people[BOB]!, people[CAROL]!]);
    await world.domain.channels.discussions.doLink(by(OWNER), { channelId, groupId });
    root = await copyPost();
    other = (await send(OWNER, groupId, { text: 'for members' })).msg_id;
  });

  const memberOf = (n: number) => world.db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', groupId).where('user_id', '=', person(n)).executeTakeFirst();
  const ban = (n: number, rights: Partial<tl.chatBannedRights>) => at(groupId).members.doEditBanned({ ...by(OWNER), userId: person(n), rights: { _: 'chatBannedRights', until_date: 0, ...rights } });

  it('are written and read by those who may read the channel, and by nobody else', async () => {
    const first = await send(BOB, groupId, { replyTo: root, text: 'a comment' });
    expect(first).toMatchObject({ top_id: root, from_id: person(BOB) });
    const second = await send(CAROL, groupId, { replyTo: first.msg_id });
    const { rows, count } = await at(groupId).posts.listReplies(person(BOB), root, WINDOW);
    expect([rows.map((row) => row.msg_id), count]).toEqual([[second.msg_id, first.msg_id], 2]);
    expect((await at(groupId).posts.openThread(person(CAROL), first.msg_id)).roots.map((row) => row.msg_id)).toEqual([root]);
    expect([...(await at(groupId).posts.find(person(BOB), [root, first.msg_id, other, 1])).keys()]).toEqual([root, first.msg_id]);
    expect([...(await at(groupId).posts.find(person(DAVE), [root, first.msg_id, other, 1])).keys()]).toEqual([]);
    expect(await errorOf(send(DAVE, groupId, { replyTo: root }))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(at(groupId).posts.listReplies(person(DAVE), root, WINDOW))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(at(groupId).posts.openThread(person(DAVE), root))).toBe('CHANNEL_PRIVATE');
    // Neither has become a member.
    expect(await world.db.q.selectFrom('dialogs').selectAll().where('peer_id', '=', peerOf(groupId)).where('owner_id', '!=', person(OWNER)).execute()).toEqual([]);
  });

  it('are written in the threads of posts only, with the rights of members', async () => {
    expect(await errorOf(send(BOB, groupId))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(send(BOB, groupId, { replyTo: other }))).toBe('REPLY_MESSAGE_ID_INVALID');
    expect(await errorOf(at(groupId).posts.listReplies(person(BOB), other, WINDOW))).toBe('MSG_ID_INVALID');
    await at(groupId).settings.doEditDefaultRights(by(OWNER), { _: 'chatBannedRights', send_plain: true, until_date: 0 });
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    await at(groupId).settings.doEditDefaultRights(by(OWNER), { _: 'chatBannedRights', until_date: 0 });
    await at(groupId).settings.doSetJoinToSend(by(OWNER), true);
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toBe('CHAT_GUEST_SEND_FORBIDDEN');
    expect((await at(groupId).posts.listReplies(person(BOB), root, WINDOW)).count).toBe(0);
    await at(groupId).settings.doSetJoinToSend(by(OWNER), false);
    await send(BOB, groupId, { replyTo: root });
  });

  it('are edited and deleted by their authors, who have no power over other messages of theirs', async () => {
    await at(groupId).members.doInvite(by(OWNER), [people[BOB]!]);
    const before = await send(BOB, groupId, { text: 'as a member' });
    const comment = await send(BOB, groupId, { replyTo: root, text: 'as a member, too' });
    await at(groupId).members.doLeave(by(BOB));
    const edit = (msgId: number) => at(groupId).posts.doEdit({ ...by(BOB), msgId, text: { text: 'edited', entities: [] }, noWebpage: true } as never);
    expect(await errorOf(edit(before.msg_id))).toBe('MESSAGE_ID_INVALID');
    // A message of others that is no comment is as one that does not exist.
    for (const msgId of [other, other + 100]) expect(await errorOf(at(groupId).posts.accessEditable(person(BOB), msgId))).toBe('MESSAGE_ID_INVALID');
    expect((await edit(comment.msg_id)).row.text).toBe('edited');
    expect((await at(groupId).posts.doDelete(by(BOB), [before.msg_id])).ptsCount).toBe(0);
    expect(await errorOf(at(groupId).posts.doDelete(by(BOB), [root]))).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect((await at(groupId).posts.doDelete(by(BOB), [comment.msg_id])).ptsCount).toBe(1);
    expect(await errorOf(at(groupId).posts.doDelete(by(DAVE), [comment.msg_id]))).toBe('CHANNEL_PRIVATE');
  });

  it('are also all that somebody writes who has left a public group', async () => {
    await at(groupId).settings.doSetUsername(by(OWNER), 'talk_of_all');
    await at(groupId).members.doJoin(by(BOB));
    const before = await send(BOB, groupId);
    await at(groupId).members.doLeave(by(BOB));
    for (const replyTo of [undefined, other]) expect(await errorOf(send(BOB, groupId, { replyTo }))).toBe('CHAT_WRITE_FORBIDDEN');
    await send(BOB, groupId, { replyTo: root });
    // Dave may not read the channel.
    expect(await errorOf(send(DAVE, groupId, { replyTo: root }))).toBe('CHAT_WRITE_FORBIDDEN');
    expect(await errorOf(at(groupId).posts.doDelete(by(BOB), [before.msg_id]))).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect(await errorOf(at(groupId).posts.accessEditable(person(BOB), before.msg_id))).toBe('CHAT_WRITE_FORBIDDEN');
  });

  it('end with a ban, with a restriction that outlasts leaving, with the link, and with the right to read the channel', async () => {
    await ban(BOB, { view_messages: true });
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(at(groupId).posts.listReplies(person(BOB), root, WINDOW))).toBe('CHANNEL_PRIVATE');
    expect((await at(groupId).posts.find(person(BOB), [root])).size).toBe(0);
    await ban(BOB, {});
    await at(groupId).members.doInvite(by(OWNER), [people[CAROL]!]);
    await ban(CAROL, { send_plain: true });
    await at(groupId).members.doLeave(by(CAROL));
    expect(await errorOf(send(CAROL, groupId, { replyTo: root }))).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    // Somebody who was never a member is restricted in the same way.
    await ban(BOB, { send_plain: true });
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    await ban(BOB, {});
    const comment = await send(BOB, groupId, { replyTo: root });
    await at(channelId).members.doLeave(by(BOB));
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(at(groupId).posts.doDelete(by(BOB), [comment.msg_id]))).toBe('CHANNEL_PRIVATE');
    await ban(CAROL, {});
    await send(CAROL, groupId, { replyTo: root });
    await world.domain.channels.discussions.doUnlinkChannel(by(OWNER), channelId);
    expect(await errorOf(send(CAROL, groupId, { replyTo: root }))).toBe('CHANNEL_PRIVATE');
    // The threads of posts of an earlier channel are not for the readers of the next one.
    const next = await create('broadcast');
    await at(next).members.doInvite(by(OWNER), [people[CAROL]!]);
    await world.domain.channels.discussions.doLink(by(OWNER), { channelId: next, groupId });
    expect(await errorOf(send(CAROL, groupId, { replyTo: root }))).toBe('REPLY_MESSAGE_ID_INVALID');
    expect((await at(groupId).posts.find(person(CAROL), [root])).size).toBe(0);
  });

  it('are open to everybody below the posts of a public channel', async () => {
    await at(channelId).settings.doSetUsername(by(OWNER), 'news_of_all');
    await send(DAVE, groupId, { replyTo: root });
    await at(channelId).members.doEditBanned({ ...by(OWNER), userId: person(DAVE), rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    expect(await errorOf(send(DAVE, groupId, { replyTo: root }))).toBe('CHANNEL_PRIVATE');
  });

  it('wait for slow mode, also of somebody who was never a member', async () => {
    await at(groupId).settings.doSetSlowMode(by(OWNER), 60);
    await send(BOB, groupId, { replyTo: root });
    expect(await memberOf(BOB)).toMatchObject({ status: 'left', own_posts: 1 });
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toMatch(/^SLOWMODE_WAIT/);
    await world.db.q.updateTable('channel_members').set({ slow_mode_until: 1 }).where('channel_id', '=', groupId).where('user_id', '=', person(BOB)).execute();
    await send(BOB, groupId, { replyTo: root });
    // Joining and leaving again changes nothing.
    await at(groupId).members.doInvite(by(OWNER), [people[BOB]!]);
    await at(groupId).members.doLeave(by(BOB));
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toMatch(/^SLOWMODE_WAIT/);
  });

  it('have a read mark of each reader, which those lack who only visit a public group', async () => {
    const marks = (n: number) => world.db.q.selectFrom('user_threads').selectAll().where('owner_id', '=', person(n)).where('channel_id', '=', groupId).execute();
    const comments = [await send(BOB, groupId, { replyTo: root }), await send(OWNER, groupId, { replyTo: root }), await send(OWNER, groupId, { replyTo: root })];
    expect(await at(groupId).posts.openThread(person(CAROL), root)).toMatchObject({ unread: 3, readMaxId: 0 });
    expect(await at(groupId).posts.openThread(person(BOB), root)).toMatchObject({ unread: 2 });
    await at(groupId).posts.doReadThread(person(CAROL), root, comments[1]!.msg_id);
    expect(await at(groupId).posts.openThread(person(CAROL), root)).toMatchObject({ unread: 1, readMaxId: comments[1]!.msg_id });
    await at(groupId).settings.doSetUsername(by(OWNER), 'talk_to_visit');
    await at(groupId).posts.doReadThread(person(DAVE), root, comments[1]!.msg_id);
    expect([(await marks(CAROL)).length, (await marks(DAVE)).length]).toEqual([1, 0]);
    expect(await errorOf(at(groupId).posts.doReadThread(person(CAROL), 999, 5))).toBe('MSG_ID_INVALID');
  });

  it('show a channel as their author: an own public one, or the linked one by those who post there', async () => {
    const members = at(groupId).members;
    expect(await members.listSendAs(person(BOB))).toEqual([person(BOB)]);
    expect(await errorOf(send(BOB, groupId, { replyTo: root, sendAs: peerOf(channelId) }))).toBe('SEND_AS_PEER_INVALID');
    expect(await errorOf(members.listSendAs(person(DAVE)))).toBe('CHANNEL_PRIVATE');
    await at(channelId).members.doEditAdmin({ ...by(OWNER), userId: person(BOB), rights: { _: 'chatAdminRights', post_messages: true }, rank: '' });
    expect(await members.listSendAs(person(BOB))).toEqual([person(BOB), peerOf(channelId)]);
    const comment = await send(BOB, groupId, { replyTo: root, sendAs: peerOf(channelId) });
    expect(comment).toMatchObject({ from_id: peerOf(channelId), poster_id: person(BOB), top_id: root });
    await members.doSaveSendAs(by(BOB), peerOf(channelId));
    expect(await send(BOB, groupId, { replyTo: root })).toMatchObject({ from_id: peerOf(channelId) });
    // The channel is not shown any more once Bob may not post there.
    await at(channelId).members.doEditAdmin({ ...by(OWNER), userId: person(BOB), rights: { _: 'chatAdminRights', change_info: true }, rank: '' });
    expect(await errorOf(send(BOB, groupId, { replyTo: root }))).toBe('SEND_AS_PEER_INVALID');
    await members.doSaveSendAs(by(BOB), person(BOB));
    expect(await send(BOB, groupId, { replyTo: root })).toMatchObject({ from_id: person(BOB) });
    expect(await errorOf(members.doSaveSendAs(by(DAVE), person(DAVE)))).toBe('CHANNEL_PRIVATE');
  });

  it('show their readers a group without members and photo', async () => {
    const [shown] = await world.domain.chats.projectChats(person(BOB), [peerOf(groupId)]);
    expect(shown).toMatchObject({ _: 'channel', megagroup: true, left: true, has_link: true, title: 'megagroup', photo: { _: 'chatPhotoEmpty' } });
    expect(shown).not.toHaveProperty('participants_count');
    expect(await world.domain.chats.projectChats(person(DAVE), [peerOf(groupId)])).toMatchObject([{ _: 'channelForbidden' }]);
    await ban(BOB, { view_messages: true });
    expect(await world.domain.chats.projectChats(person(BOB), [peerOf(groupId)])).toMatchObject([{ _: 'channelForbidden' }]);
  });
});
