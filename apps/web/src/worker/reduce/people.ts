import type { tl } from '@mtcute/core';
import type { LiveDraft, PeerId, Typing } from '../../protocol/index.ts';
import { channelPeer, groupPeer, isChannel, peerIdOf, userPeer } from '../models/ids.ts';
import { readPresence, readStatus } from '../models/peer.ts';
import { readEntities } from '../models/text.ts';
import type { ReduceContext, Reducers } from './context.ts';

const ACTIONS: Partial<Record<tl.TypeSendMessageAction['_'], Typing['action']>> = {
  sendMessageTypingAction: 'typing',
  sendMessageTextDraftAction: 'typing',
  sendMessageRecordAudioAction: 'recording',
  sendMessageRecordVideoAction: 'recording',
  sendMessageRecordRoundAction: 'recording',
  sendMessageUploadAudioAction: 'uploading',
  sendMessageUploadVideoAction: 'uploading',
  sendMessageUploadRoundAction: 'uploading',
  sendMessageUploadPhotoAction: 'uploading',
  sendMessageUploadDocumentAction: 'uploading',
  sendMessageChooseStickerAction: 'choosingSticker',
};

function readDraft(action: tl.TypeSendMessageAction): LiveDraft | undefined {
  if (action._ !== 'sendMessageTextDraftAction') return undefined;
  return { text: action.text.text, entities: readEntities(action.text.entities) };
}

function setTyping({ typing, self }: ReduceContext, peer: PeerId, { user, thread }: Pick<Typing, 'user' | 'thread'>, action: tl.TypeSendMessageAction): void {
  const shown = ACTIONS[action._];
  if (user === self) return;
  if (shown) typing.set(peer, { user, action: shown, ...(thread === undefined ? {} : { thread }) }, readDraft(action));
  else typing.stop(peer, user);
}

/**
 * A supergroup or channel that the account left or was removed from disappears from the list; a basic group stays in it until its history is
 * deleted. The peer itself came with the update.
 */
function checkMembership({ store, refreshChats }: ReduceContext, peer: PeerId): void {
  const { isMember } = store.peers.get(peer) ?? {};
  if (isMember === false && isChannel(peer)) store.removeChat(peer);
  else if (isMember && !store.chats.has(peer)) {
    // From now on updates tell of replies, but what came before was told by none.
    store.threads.void(peer);
    refreshChats([peer]);
  }
  store.noteDetails(peer);
}

export const peopleReducers: Reducers = {
  updateUserStatus: ({ store }, { userId, status }) => {
    const peer = store.peers.get(userPeer(userId));
    if (peer) store.setPeer({ ...peer, presence: readPresence(status) });
  },
  updateUserName: ({ store }, { userId, firstName, lastName, usernames }) => {
    const peer = store.peers.get(userPeer(userId));
    if (!peer) return;
    const active = usernames.filter((each) => each.active).map((each) => each.username);
    // Names that the account itself gave to a contact stay.
    const names = peer.isContact && !peer.isSelf ? {} : { firstName, lastName, name: `${firstName} ${lastName}`.trim() };
    store.setPeer({ ...peer, ...names, usernames: active });
  },
  updateUserEmojiStatus: ({ store }, { userId, emojiStatus }) => {
    const peer = store.peers.get(userPeer(userId));
    if (peer) store.setPeer({ ...peer, status: readStatus(emojiStatus) });
  },
  updateUserPhone: ({ store }, { userId, phone }) => {
    const peer = store.peers.get(userPeer(userId));
    if (peer) store.setPeer({ ...peer, phone });
  },
  updateUser: ({ store, refreshPeers }, { userId }) => {
    refreshPeers([userPeer(userId)]);
    store.noteDetails(userPeer(userId));
  },
  updateContactsReset: ({ refreshContacts }) => refreshContacts(),
  updateChat: (context, { chatId }) => checkMembership(context, groupPeer(chatId)),
  updateChannel: (context, { channelId }) => checkMembership(context, channelPeer(channelId)),
  updateChatParticipants: (context, { participants }) => checkMembership(context, groupPeer(participants.chatId)),
  updateChatParticipantAdmin: ({ store }, { chatId }) => store.noteDetails(groupPeer(chatId)),
  updateChatParticipantRank: ({ store }, { chatId }) => store.noteDetails(groupPeer(chatId)),
  updateChatDefaultBannedRights: ({ store }, { peer }) => store.noteDetails(peerIdOf(peer)),
  updatePendingJoinRequests: ({ store }, { peer }) => store.noteDetails(peerIdOf(peer)),
  // What a bot tells one person is not stored: an open chat loads it anew.
  updateBotCommands: ({ store }, { peer }) => store.noteDetails(peerIdOf(peer)),
  updateBotMenuButton: ({ store }, { botId }) => store.noteDetails(userPeer(botId)),
  updatePeerSettings: ({ store }, { peer }) => store.noteDetails(peerIdOf(peer)),
  updatePeerBlocked: ({ store }, { peerId }) => store.noteDetails(peerIdOf(peerId)),
  updateUserTyping: (context, { userId, action }) => setTyping(context, userPeer(userId), { user: userPeer(userId) }, action),
  updateChatUserTyping: (context, { chatId, fromId, action }) => setTyping(context, groupPeer(chatId), { user: peerIdOf(fromId) }, action),
  updateChannelUserTyping: (context, { channelId, topMsgId, fromId, action }) => setTyping(context, channelPeer(channelId), { user: peerIdOf(fromId), thread: topMsgId }, action),
};
