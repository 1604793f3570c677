import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const CHANNEL_OFFSET = 1_000_000_000_000;
const WINDOW = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO };

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({});
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A post of Alice's channel, and its copy in her private group, in which Carol is and Bob is not. */
interface Discussion {
  alice: Actor;
  bob: Actor;
  carol: Actor;
  channel: number;
  group: number;
  post: number;
  copy: number;
}

async function discussionStage(): Promise<Discussion> {
  const { id: channel, alice, bob, carol } = await channelStage(scenario, 'broadcast');
  const group = await createChannel(alice, 'megagroup', 'Talk');
  await inviteTo(alice, group, [carol]);
  await alice.main.call({ _: 'channels.setDiscussionGroup', broadcast: alice.main.inputChannel(channel), group: alice.main.inputChannel(group) });
  const post = await postIn(alice, channel, 'the news');
  const { message } = await carol.main.seesUpdate('updateNewChannelMessage', (update) => update.message._ === 'message' && update.message.message === 'the news' && isIn(update.message, group));
  return { alice, bob, carol, channel, group, post, copy: message.id };
}

const isIn = ({ peerId }: tl.RawMessage, id: number): boolean => peerId._ === 'peerChannel' && peerId.channelId === -id - CHANNEL_OFFSET;

/** Opens the comments of a post. @returns the answer, and how the reader names the group from now on */
async function openComments(reader: Actor, { channel, post, group }: Discussion): Promise<{ opened: tl.messages.RawDiscussionMessage; peer: tl.RawInputPeerChannel }> {
  const opened = await reader.main.call({ _: 'messages.getDiscussionMessage', peer: reader.main.inputPeer(channel), msgId: post });
  const known = opened.chats.find((chat): chat is tl.RawChannel => chat._ === 'channel' && chat.id === -group - CHANNEL_OFFSET)!;
  expect(known).toMatchObject({ left: true, megagroup: true, title: 'Talk' });
  return { opened, peer: { _: 'inputPeerChannel', channelId: known.id, accessHash: known.accessHash! } };
}

function comment(actor: Actor, peer: tl.TypeInputPeer, replyToMsgId: number, more: { message: string; sendAs?: tl.TypeInputPeer }): Promise<tl.TypeUpdates> {
  return actor.main.call({ _: 'messages.sendMessage', peer, ...more, replyTo: { _: 'inputReplyToMessage', replyToMsgId }, randomId: randomLong() });
}

describe('somebody who reads the channel and is not in its private group', () => {
  test('opens the comments of a post, writes, edits, reads and deletes there, and is told the pts of the group', async () => {
    const stage = await discussionStage();
    const { alice, bob, carol, copy, group } = stage;
    await verifyUpdates([alice, bob, carol], async () => {
      const { opened, peer } = await openComments(bob, stage);
      expect(opened.messages.map((message) => message.id)).toEqual([copy]);
      const { updates, chats } = (await comment(bob, peer, copy, { message: 'well said' })) as tl.RawUpdates;
      expect(updates).toMatchObject([{ _: 'updateMessageID' }, { _: 'updateNewChannelMessage', ptsCount: 1, message: { message: 'well said', out: true, replyTo: { replyToMsgId: copy } } }]);
      expect(chats).toMatchObject([{ _: 'channel', left: true }]);
      const [{ id }] = updates as [tl.RawUpdateMessageID];
      expect((await carol.sees('well said')).raw).toMatchObject({ from_id: { _: 'peerUser', user_id: BigInt(bob.id) } });
      const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: id };
      const answer = (await carol.main.change({ _: 'messages.sendMessage', peer: carol.main.inputPeer(group), message: 'I agree', replyTo, randomId: randomLong() })) as tl.RawUpdates;
      const [{ id: answerId }] = answer.updates as [tl.RawUpdateMessageID];
      const replies = (await bob.main.call({ _: 'messages.getReplies', peer, msgId: copy, ...WINDOW })) as tl.messages.RawChannelMessages;
      expect([replies.messages.map((message) => message.id), replies.count]).toEqual([[answerId, id], 2]);
      await bob.main.call({ _: 'messages.readDiscussion', peer, msgId: copy, readMaxId: answerId });
      expect((await openComments(bob, stage)).opened).toMatchObject({ readInboxMaxId: answerId, unreadCount: 0 });
      const edited = await bob.main.call({ _: 'messages.editMessage', peer, id, message: 'very well said' });
      expect(edited).toMatchObject({ updates: [{ _: 'updateEditChannelMessage', message: { message: 'very well said' } }] });
      const channel: tl.RawInputChannel = { ...peer, _: 'inputChannel' };
      const { messages } = (await bob.main.call({ _: 'channels.getMessages', channel, id: [copy, id, copy - 1].map((one) => ({ _: 'inputMessageID', id: one })) })) as tl.messages.RawChannelMessages;
      expect(messages.map((message) => message._)).toEqual(['message', 'message', 'messageEmpty']);
      expect(await bob.main.call({ _: 'channels.deleteMessages', channel, id: [id] })).toMatchObject({ ptsCount: 1 });
      await expect(bob.main.call({ _: 'channels.deleteMessages', channel, id: [answerId] })).rejects.toThrow('MESSAGE_DELETE_FORBIDDEN');
    });
  });

  test('sees nothing else of the group, and nobody writes there who may not read the channel', async () => {
    const stage = await discussionStage();
    const { alice, bob, copy, group } = stage;
    const other = await postIn(alice, group, 'for members');
    const { peer } = await openComments(bob, stage);
    const channel: tl.RawInputChannel = { ...peer, _: 'inputChannel' };
    for (const call of [
      { _: 'messages.getHistory', peer, ...WINDOW },
      { _: 'messages.search', peer, q: 'news', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0, ...WINDOW },
      { _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: Long.ZERO },
      { _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 10 },
      { _: 'messages.getMessageReadParticipants', peer, msgId: copy },
      { _: 'messages.forwardMessages', fromPeer: peer, toPeer: { _: 'inputPeerSelf' }, id: [other], randomId: [randomLong()] },
    ] as const) await expect(bob.main.call(call as tl.RpcMethod), call._).rejects.toThrow('CHANNEL_PRIVATE');
    // What clients ask before they let somebody write says nothing of members and messages.
    const { fullChat } = await bob.main.call({ _: 'channels.getFullChannel', channel });
    expect(fullChat).toMatchObject({ linkedChatId: -stage.channel - CHANNEL_OFFSET, about: '', unreadCount: 0 });
    expect([(fullChat as tl.RawChannelFull).participantsCount, (fullChat as tl.RawChannelFull).pinnedMsgId]).toEqual([undefined, undefined]);
    const { dialogs, messages } = await bob.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
    expect([(dialogs[0] as tl.RawDialog).topMessage, messages]).toEqual([0, []]);
    await expect(bob.main.call({ _: 'messages.getReplies', peer, msgId: other, ...WINDOW })).rejects.toThrow('MSG_ID_INVALID');
    await expect(comment(bob, peer, other, { message: 'nowhere' })).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
    const [dave] = (await people(scenario, 'Dave')) as [Actor];
    await expect(comment(dave, { ...peer, accessHash: Long.ONE }, copy, { message: 'let me in' })).rejects.toThrow('CHANNEL_INVALID');
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(stage.channel) });
    await expect(comment(bob, peer, copy, { message: 'too late' })).rejects.toThrow('CHANNEL_PRIVATE');
    await expect(bob.main.call({ _: 'messages.getReplies', peer, msgId: copy, ...WINDOW })).rejects.toThrow('CHANNEL_PRIVATE');
  });

  test('joins the group when it wants members only to write, or asks to be let in', async () => {
    const stage = await discussionStage();
    const { alice, bob, carol, channel: news, copy, group } = stage;
    const inGroup = alice.main.inputChannel(group);
    const { peer } = await openComments(bob, stage);
    const join: tl.channels.RawJoinChannelRequest = { _: 'channels.joinChannel', channel: { ...peer, _: 'inputChannel' } };
    await alice.main.change({ _: 'channels.toggleJoinToSend', channel: inGroup, enabled: true });
    await expect(comment(bob, peer, copy, { message: 'from outside' })).rejects.toThrow('CHAT_GUEST_SEND_FORBIDDEN');
    await alice.main.change({ _: 'channels.toggleJoinRequest', channel: inGroup, enabled: true });
    await expect(bob.main.call(join)).rejects.toThrow('INVITE_REQUEST_SENT');
    await alice.main.seesUpdate('updatePendingJoinRequests', (update) => update.requestsPending === 1);
    await expect(comment(bob, peer, copy, { message: 'not yet' })).rejects.toThrow('CHAT_GUEST_SEND_FORBIDDEN');
    await alice.main.change({ _: 'channels.toggleJoinRequest', channel: inGroup, enabled: false });
    await verifyUpdates([alice, bob, carol], async () => {
      expect(await bob.main.change(join)).toMatchObject({ _: 'messages.chatInviteJoinResultOk', updates: { chats: [{ title: 'Talk', left: false }] } });
      await knowsChannel(bob.main, group);
      await carol.sees('action:messageActionChatAddUser');
      await comment(bob, peer, copy, { message: 'from inside' });
      await carol.sees('from inside');
    });
    await expect(bob.main.call(join)).rejects.toThrow('USER_ALREADY_PARTICIPANT');
    // Who does not read the channel any more finds no way back into the group.
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(group) });
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(news) });
    await expect(bob.main.call(join)).rejects.toThrow('CHANNEL_PRIVATE');
  });

  test('waits for slow mode, stays away when banned, and comments as the channel only when posting there is allowed', async () => {
    const stage = await discussionStage();
    const { alice, bob, carol, copy, channel, group } = stage;
    const { peer } = await openComments(bob, stage);
    const rights: tl.RawChatAdminRights = { _: 'chatAdminRights', postMessages: true };
    const asChannel = bob.main.inputPeer(channel);
    await expect(comment(bob, peer, copy, { message: 'as the channel', sendAs: asChannel })).rejects.toThrow('SEND_AS_PEER_INVALID');
    await alice.main.change({ _: 'channels.editAdmin', channel: alice.main.inputChannel(channel), userId: alice.main.inputUser(bob.id), adminRights: rights, rank: '' });
    const offered = await bob.main.call({ _: 'channels.getSendAs', peer });
    expect(offered.peers.map((one) => one.peer)).toMatchObject([{ userId: bob.id }, { channelId: -channel - CHANNEL_OFFSET }]);
    await bob.main.call({ _: 'messages.saveDefaultSendAs', peer, sendAs: asChannel });
    await comment(bob, peer, copy, { message: 'as the channel' });
    expect((await carol.sees('as the channel')).raw).toMatchObject({ from_id: { _: 'peerChannel', channel_id: BigInt(-channel - CHANNEL_OFFSET) } });
    const inGroup = alice.main.inputChannel(group);
    await alice.main.change({ _: 'channels.toggleSlowMode', channel: inGroup, seconds: 3600 });
    await comment(bob, peer, copy, { message: 'once' });
    await expect(comment(bob, peer, copy, { message: 'twice' })).rejects.toThrow('SLOWMODE_WAIT');
    await alice.main.change({ _: 'channels.editBanned', channel: inGroup, participant: alice.main.inputPeer(bob.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
    await expect(comment(bob, peer, copy, { message: 'again' })).rejects.toThrow('CHANNEL_PRIVATE');
    await expect(bob.main.call({ _: 'messages.getDiscussionMessage', peer: asChannel, msgId: stage.post })).rejects.toThrow('CHANNEL_PRIVATE');
  });
});

/** The account that brings answers, as clients know it. */
const REPLIES = 1271266957;

describe('answers to the comments of somebody who is not in the group', () => {
  test('come to all devices in the chat with Replies, until their author is blocked', async () => {
    const stage = await discussionStage();
    const { alice, bob, carol, copy, group } = stage;
    const tablet = await bob.device();
    const { peer } = await openComments(bob, stage);
    const comments = (await comment(bob, peer, copy, { message: 'well said' })) as tl.RawUpdates;
    const [{ id: commentId }] = comments.updates as [tl.RawUpdateMessageID];
    const ofGroup = { _: 'peerChannel', channel_id: BigInt(peer.channelId) };
    const answer = (actor: Actor, message: string): Promise<tl.TypeUpdates> => comment(actor, actor.main.inputPeer(group), commentId, { message });
    await verifyUpdates([alice, bob, carol], async () => {
      await answer(carol, 'I agree');
      const { raw } = await bob.sees('I agree');
      expect(raw).toMatchObject({
        from_id: { user_id: BigInt(REPLIES) },
        peer_id: { user_id: BigInt(REPLIES) },
        fwd_from: { from_id: { user_id: BigInt(carol.id) }, saved_from_peer: ofGroup, saved_from_msg_id: expect.any(Number) as number },
        reply_to: { reply_to_msg_id: commentId, reply_to_peer_id: ofGroup, reply_to_top_id: copy },
      });
      expect(raw).not.toHaveProperty('saved_peer_id', expect.anything());
      // Bob is no member, Alice is.
      await comment(bob, peer, copy, { message: 'more' });
      await answer(alice, 'me too');
      await bob.sees('me too');
    });
    const replies = tablet.inputPeer(REPLIES);
    const { dialogs, chats, users } = await tablet.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: replies }] });
    expect(dialogs).toMatchObject([{ unreadCount: 2, topMessage: (await bob.sees('me too')).id }]);
    expect(chats).toMatchObject([{ _: 'channel', id: peer.channelId, left: true, title: 'Talk' }]);
    expect(users).toContainEqual(expect.objectContaining({ id: REPLIES, bot: true, verified: true, username: 'replies', firstName: 'Replies' }));
    const { messages } = (await tablet.call({ _: 'messages.getHistory', peer: replies, ...WINDOW })) as tl.messages.RawMessages;
    expect(messages.map((message) => (message as tl.RawMessage).message)).toEqual(['me too', 'I agree']);
    await expect(tablet.call({ _: 'messages.sendMessage', peer: replies, message: 'hello?', randomId: randomLong() })).rejects.toThrow('PEER_ID_INVALID');

    const block = (id: number, flags: Partial<tl.contacts.RawBlockFromRepliesRequest> = {}): Promise<tl.TypeUpdates> => bob.main.call({ _: 'contacts.blockFromReplies', msgId: id, ...flags });
    const isBlocked = async (): Promise<number[]> => (await bob.main.call({ _: 'contacts.getBlocked', offset: 0, limit: 10 })).blocked.map((one) => (one.peerId as tl.RawPeerUser).userId);
    await verifyUpdates([bob], async () => {
      const hi = await bob.send(carol, 'hi');
      await expect(block(hi.id)).rejects.toThrow('MSG_ID_INVALID');
      await expect(block(2 ** 30)).rejects.toThrow('MSG_ID_INVALID');
      const agreed = await bob.sees('I agree');
      expect(await block(agreed.id)).toMatchObject({ updates: [{ _: 'updatePeerBlocked', blocked: true, peerId: { userId: carol.id } }] });
      expect(await isBlocked()).toEqual([carol.id]);
      await bob.main.waitUntil('the message to stay', () => bob.main.find('I agree') !== undefined);
      expect(await block(agreed.id, { deleteMessage: true, reportSpam: true })).toMatchObject({ updates: [{ _: 'updatePeerBlocked' }, { _: 'updateDeleteMessages', messages: [agreed.id], ptsCount: 1 }] });
      await bob.seesGone('I agree');
    });
    await answer(carol, 'are you there?');
    await answer(alice, 'he is away');
    await verifyUpdates([bob], async () => {
      const away = await bob.sees('he is away');
      expect([bob.main.find('are you there?'), await isBlocked()]).toEqual([undefined, [carol.id]]);
      expect(await block(away.id, { deleteHistory: true })).toMatchObject({ updates: [{ _: 'updatePeerBlocked' }, { _: 'updateDeleteMessages', ptsCount: 2 }] });
      await bob.seesGone('me too');
    });
    expect(await isBlocked()).toEqual(expect.arrayContaining([alice.id, carol.id]));
  });
});
