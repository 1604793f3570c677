import { expect } from 'vitest';
import { TTL_S } from './boot-story.ts';
import { BOOT_CALLS, channelIdOf, checkClosure, inputChannel, inputPeer, inputSupergroup, inputUser, type CallSpec, type Replay } from './boot-calls.ts';

interface Message {
  id: number;
  message?: string;
}

const peerOf = (replay: Replay): object => inputPeer(replay, 'bob');
const top = ({ story }: Replay): number => story.alice.main.find(story.lastText)!.id;

function checkHistory(answer: unknown, replay: Replay): void {
  checkClosure(answer);
  const { story } = replay;
  const { messages } = answer as { messages: Message[] };
  const of = (id: number): Message | undefined => messages.find((message) => message.id === id);
  expect(messages[0]).toMatchObject({ id: top(replay), message: story.lastText, peer_id: { user_id: BigInt(story.bob.id) } });
  expect(of(story.greeting)).toMatchObject({ out: true, message: 'hello, Bob', edit_date: expect.any(Number) as unknown, reactions: { results: [{ reaction: { emoticon: '❤' }, count: 1 }] } });
  expect(of(story.pinned)).toMatchObject({ pinned: true, entities: [{ _: 'messageEntityBold' }, { _: 'messageEntityTextUrl' }, { _: 'messageEntityMentionName', user_id: BigInt(story.bob.id) }] });
  expect(messages.find(({ message }) => message === 'hi Alice')).toMatchObject({ fwd_from: { from_id: { user_id: BigInt(story.bob.id) } } });
  expect(messages.findLast(({ message }) => message === 'hi Alice')).toMatchObject({ reply_to: { reply_to_msg_id: story.greeting } });
  expect(messages).toContainEqual(expect.objectContaining({ _: 'messageService', action: { _: 'messageActionPinMessage' } }));
  expect(messages).toContainEqual(expect.objectContaining({ _: 'messageService', action: { _: 'messageActionSetMessagesTTL', period: TTL_S } }));
  const media = messages.flatMap((message) => ((message as { media?: { _: string } }).media ?? []));
  expect(media).toMatchObject([
    { _: 'messageMediaDice', emoticon: '🎲' },
    { _: 'messageMediaContact', user_id: BigInt(story.carol.id), first_name: 'Carol' },
    { _: 'messageMediaGeo', geo: { lat: 59.9343, long: 30.3351 } },
  ]);
  expect(messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted((a, b) => b - a));
}

/** The calls of the four clients when a chat is opened: the private chat with Bob, or the group with him for calls about groups. */
export const CHAT_CALLS: Record<string, CallSpec> = {
  // The chat is private, so there are no threads in it.
  'messages.getDiscussionMessage': { args: (replay) => ({ peer: peerOf(replay), msg_id: 1 }), refused: 'PEER_ID_INVALID' },
  'messages.getReplies': {
    args: (replay) => ({ peer: peerOf(replay), msg_id: 1, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n }),
    refused: 'PEER_ID_INVALID',
  },
  'messages.getHistory': {
    args: (replay) => ({ peer: peerOf(replay), offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n }),
    check: checkHistory,
  },
  'messages.getPeerDialogs': BOOT_CALLS['messages.getPeerDialogs']!,
  'users.getFullUser': {
    args: (replay) => ({ id: inputUser(replay, 'bob') }),
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ full_user: { id: BigInt(story.bob.id), pinned_msg_id: story.pinned, has_scheduled: true, ttl_period: TTL_S, birthday: { _: 'birthday' } }, users: [{ contact: true, phone: story.bob.phone }] }),
  },
  'messages.getFullChat': {
    args: ({ story }) => ({ chat_id: BigInt(story.groupId) }),
    check(answer, { story }) {
      const full = { id: BigInt(story.groupId), participants: { _: 'chatParticipants', version: 1 } };
      expect(answer).toMatchObject({ full_chat: full, chats: [{ title: 'Climbing', participants_count: 2 }] });
      const { participants } = (answer as { full_chat: { participants: { participants: { user_id: bigint }[] } } }).full_chat.participants;
      expect(new Set(participants.map(({ user_id }) => user_id))).toEqual(new Set([BigInt(story.alice.id), BigInt(story.bob.id)]));
      expect((answer as { users: unknown[] }).users).toHaveLength(2);
    },
  },
  'channels.getFullChannel': {
    args: (replay) => ({ channel: inputChannel(replay) }),
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ full_chat: { _: 'channelFull', id: channelIdOf(story), about: 'up', participants_count: 2, can_view_participants: true }, chats: [{ title: 'Hiking' }] }),
  },
  'channels.getSendAs': {
    args: (replay) => ({ peer: inputSupergroup(replay) }),
    check: (answer, { story }) => expect(answer).toMatchObject({ peers: [{ peer: { _: 'peerUser', user_id: BigInt(story.alice.id) } }] }),
  },
  'channels.getParticipants': {
    args: (replay) => ({ channel: inputChannel(replay), filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 100, hash: 0n }),
    check: (answer) => {
      expect(answer).toMatchObject({ _: 'channels.channelParticipants', count: 2 });
      expect((answer as { users: unknown[] }).users).toHaveLength(2);
    },
  },
  'channels.getMessages': {
    args: (replay) => ({ channel: inputChannel(replay), id: [{ _: 'inputMessageID', id: replay.story.supergroup.postId }] }),
    check: (answer, { story }) => expect(answer).toMatchObject({ _: 'messages.channelMessages', messages: [{ id: story.supergroup.postId, message: 'where to?' }] }),
  },
  'channels.readHistory': {
    args: (replay) => ({ channel: inputChannel(replay), max_id: replay.story.supergroup.postId }),
    check: (answer) => expect(answer).toBe(true),
  },
  'updates.getChannelDifference': {
    args: (replay) => ({ channel: inputChannel(replay), filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100 }),
    check: (answer) => expect((answer as { _: string })._).toMatch(/^updates\.channelDifference/),
  },
  'messages.getOnlines': {
    args: ({ story }) => ({ peer: { _: 'inputPeerChat', chat_id: BigInt(story.groupId) } }),
    check: (answer) => expect((answer as { onlines: number }).onlines).toBeGreaterThanOrEqual(1),
  },
  'messages.getPeerSettings': {
    args: (replay) => ({ peer: peerOf(replay) }),
    check: (answer) => expect(answer).toMatchObject({ _: 'messages.peerSettings', settings: { _: 'peerSettings' } }),
  },
  'account.getNotifySettings': {
    args: (replay) => ({ peer: { _: 'inputNotifyPeer', peer: inputPeer(replay, 'carol') } }),
    check: (answer) => expect(answer).toMatchObject({ mute_until: 2 ** 31 - 1 }),
  },
  'messages.getSponsoredMessages': {
    args: (replay) => ({ peer: peerOf(replay) }),
    check: (answer) => expect(answer).toEqual({ _: 'messages.sponsoredMessagesEmpty' }),
  },
  'messages.getMessagesReactions': {
    args: (replay) => ({ peer: peerOf(replay), id: [replay.story.greeting] }),
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ updates: [{ _: 'updateMessageReactions', msg_id: story.greeting, reactions: { results: [{ count: 1, reaction: { emoticon: '❤' } }] } }] }),
  },
  'messages.getUnreadReactions': {
    args: (replay) => ({ peer: peerOf(replay), offset_id: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0 }),
    check: (answer, { story }) => expect(answer).toMatchObject({ messages: [{ id: story.greeting }] }),
  },
  'messages.getUnreadMentions': {
    args: (replay) => ({ peer: peerOf(replay), offset_id: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0 }),
    check: (answer) => expect(answer).toMatchObject({ messages: [] }),
  },
  'messages.getMessagesViews': {
    args: (replay) => ({ peer: peerOf(replay), id: [replay.story.greeting], increment: true }),
    // Messages of private chats have no views.
    check: (answer) => expect(answer).toEqual({ _: 'messages.messageViews', views: [{ _: 'messageViews' }], chats: [], users: [] }),
  },
  'messages.getScheduledHistory': {
    args: (replay) => ({ peer: peerOf(replay), hash: 0n }),
    check: (answer) => expect(answer).toMatchObject({ messages: [{ message: 'later' }] }),
  },
  'messages.search': {
    // When a chat is opened, clients ask for its pinned messages.
    args: (replay) => ({
      peer: peerOf(replay), q: '', filter: { _: 'inputMessagesFilterPinned' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: 0n,
    }),
    check: (answer, { story }) => expect(answer).toMatchObject({ messages: [{ id: story.pinned, pinned: true }] }),
  },
  'messages.getSearchCounters': {
    args: (replay) => ({ peer: peerOf(replay), filters: [{ _: 'inputMessagesFilterPinned' }, { _: 'inputMessagesFilterPhotos' }] }),
    check: (answer) => expect(answer).toMatchObject([{ count: 1 }, { count: 0 }]),
  },
  'messages.readHistory': {
    args: (replay) => ({ peer: peerOf(replay), max_id: top(replay) }),
    keep(_answer, { story }) {
      story.unread = 0;
    },
    check: (answer) => expect(answer).toMatchObject({ _: 'messages.affectedMessages', pts_count: 1 }),
  },
  'messages.getMessages': {
    args: ({ story }) => ({ id: [{ _: 'inputMessageID', id: story.greeting }, { _: 'inputMessageID', id: 1_000_000 }] }),
    check: (answer, { story }) => expect(answer).toMatchObject({ messages: [{ id: story.greeting, message: 'hello, Bob' }, { _: 'messageEmpty', id: 1_000_000 }] }),
  },
  'users.getRequirementsToContact': {
    args: (replay) => ({ id: [inputUser(replay, 'bob')] }),
    check: (answer) => expect(answer).toEqual([{ _: 'requirementToContactEmpty' }]),
  },
  'stories.getStoriesByID': { args: (replay) => ({ peer: peerOf(replay), id: [1] }), check: (answer) => expect(answer).toMatchObject({ count: 0, stories: [] }) },
  'stories.getPeerMaxIDs': { args: (replay) => ({ id: [peerOf(replay)] }), check: (answer) => expect(answer).toHaveLength(1) },
};
