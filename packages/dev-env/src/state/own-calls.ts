import { keyOfReaction } from '@aerogram/domain';
import { METHODS, type tl } from '@aerogram/tl';
import type { AccountState } from './account-state.ts';
import { markPeer } from './box-message.ts';
import { draftCell } from './dialog-effects.ts';
import { fullChatCell } from './group-effects.ts';
import { removeMessages } from './message-effects.ts';
import { raise } from './message-box.ts';
import { privacyCell } from './settings-effects.ts';
import { peerOf } from './short-updates.ts';

type Method = keyof tl.RpcMethods;

/** What a device knows to have changed when a call of its own succeeds: the server tells only the other devices. */
interface OwnCall<M extends Method> {
  /** Cells that the call sets, besides what its answer says as updates. They are read again. */
  sets?: (request: tl.RpcMethods[M]['req'], self: number) => readonly string[];
  /** Cells that the call sets and its answer tells. */
  tells?: (request: tl.RpcMethods[M]['req'], self: number) => readonly string[];
  apply?: (state: AccountState, request: tl.RpcMethods[M]['req'], answer: tl.RpcMethods[M]['res']) => void;
}

const keyOf = (peer: tl.InputPeer, self: number): number => markPeer(peerOf(peer, self));

const ofDialog = (name: string) => ({ peer }: { peer: tl.InputDialogPeer }, self: number): string[] =>
  peer._ === 'inputDialogPeer' ? [`${name} ${keyOf(peer.peer, self)}`] : [];

const ofUser = (...names: string[]) => ({ id }: { id: tl.InputUser }, self: number): string[] =>
  names.map((name) => `${name} ${id._ === 'inputUser' ? id.user_id : self}`);

const clearsDraft = ({ peer, clear_draft, reply_to }: { peer: tl.InputPeer; clear_draft?: boolean | undefined; reply_to?: tl.InputReplyTo | undefined }, self: number): string[] =>
  clear_draft === true ? [draftCell(keyOf(peer, self), reply_to?._ === 'inputReplyToMessage' ? reply_to.top_msg_id : undefined)] : [];

const ofSend = (request: Parameters<typeof clearsDraft>[0] & { update_stickersets_order?: boolean | undefined }, self: number): string[] => [
  ...clearsDraft(request, self),
  ...(request.update_stickersets_order === true ? ['sticker sets *'] : []),
];

const ofBlocked = ({ id, my_stories_from }: { id: tl.InputPeer; my_stories_from?: boolean | undefined }, self: number): string[] =>
  [`blocked ${my_stories_from === true ? 'stories ' : ''}${keyOf(id, self)}`, `bar ${keyOf(id, self)}`];

const PINNED = ['pinned 0', 'pinned 1'];

function notifyCell({ peer }: { peer: tl.InputNotifyPeer }, self: number): string[] {
  if (peer._ === 'inputNotifyForumTopic') return [`notify ${keyOf(peer.peer, self)} ${peer.top_msg_id}`];
  return peer._ === 'inputNotifyPeer' ? [`notify ${keyOf(peer.peer, self)}`] : [`notify ${peer._.replace('inputN', 'n')}`];
}

/** By method. A method that changes what devices share stands here, unless its answer tells all of it or {@link SETS_PROFILE} covers it. */
const OWN_CALLS: { readonly [M in Method]?: OwnCall<M> } = {
  'messages.sendMessage': { sets: ofSend },
  'messages.sendMedia': { sets: ofSend },
  'messages.sendReaction': { sets: (request) => (request.add_to_recent === true ? ['recent reactions'] : []) },
  'messages.deleteMessages': {
    apply: (state, { id }, affected) => state.applyAffected(affected, () => removeMessages(state, id)),
  },
  'messages.deletePhoneCallHistory': {
    apply: (state, _request, affected) => affected.pts_count > 0 && state.applyAffected(affected, () => removeMessages(state, affected.messages)),
  },
  'messages.deleteHistory': {
    apply: (state, request, affected) => applyDeletion(state, request, affected, ({ peer }) => peer === keyOf(request.peer, state.self)),
  },
  'messages.deleteSavedHistory': {
    apply: (state, request, affected) =>
      applyDeletion(state, request, affected, ({ raw }) => raw.saved_peer_id !== undefined && markPeer(raw.saved_peer_id) === keyOf(request.peer, state.self)),
  },
  'messages.readHistory': {
    apply(state, { peer, max_id }, affected) {
      const key = keyOf(peer, state.self);
      if (affected.pts_count > 0) state.applyAffected(affected, () => raise(state.box.readInbox, key, max_id > 0 ? max_id : Math.max(...state.box.idsOf(key))));
    },
  },
  'messages.readMessageContents': {
    apply(state, { id }, affected) {
      state.applyAffected(affected, () => {
        state.box.play(id);
        state.box.closeViewed(id);
      });
      state.box.seeReactions(id);
    },
  },
  'messages.readReactions': { apply: (state, { peer }) => state.box.seeReactions(state.box.idsOf(keyOf(peer, state.self))) },
  'messages.readMentions': {
    apply(state, { peer, top_msg_id: topicId }, affected) {
      const key = keyOf(peer, state.self);
      const channel = state.channels.find(key);
      // Nothing in a channel gets a pts by it.
      if (channel !== undefined && affected.offset === 0) channel.box.play(channel.box.listUnseenMentions(key, topicId));
      // The newest are read first.
      else if (affected.pts_count > 0) state.applyAffected(affected, () => state.box.play(state.box.listUnseenMentions(key).slice(-affected.pts_count)));
    },
  },
  // Which messages were deleted only the difference tells.
  'messages.deleteTopicHistory': { apply: (state, { peer }) => state.channels.behind.add(keyOf(peer, state.self)) },
  'messages.unpinAllMessages': {
    apply(state, { peer }, affected) {
      // Of slices nobody can tell which they were; only the last one is all.
      if (peer._ === 'inputPeerChannel') {
        const messages = state.channels.find(keyOf(peer, state.self))?.box.idsOf(keyOf(peer, state.self)) ?? [];
        state.channels.step({ ...affected, _: 'updatePinnedChannelMessages', channel_id: peer.channel_id, messages }, () => {});
      } else if (affected.pts_count > 0) state.applyAffected(affected, () => state.box.pin(state.box.idsOf(keyOf(peer, state.self)), false));
    },
  },

  'messages.createChat': { apply: (state, request, { updates }) => state.applyUpdates(updates, 'answer', request) },
  'messages.addChatUser': { apply: (state, request, { updates }) => state.applyUpdates(updates, 'answer', request) },
  'channels.inviteToChannel': { apply: (state, request, { updates }) => state.applyUpdates(updates, 'answer', request) },
  'channels.deleteMessages': {
    apply(state, { channel, id }, { pts, pts_count }) {
      if (channel._ !== 'inputChannel') return;
      state.channels.step({ _: 'updateDeleteChannelMessages', channel_id: channel.channel_id, messages: id, pts, pts_count }, () => {});
    },
  },
  'channels.readMessageContents': {
    apply(state, { channel, id }) {
      if (channel._ === 'inputChannel') state.channels.find(markPeer({ _: 'peerChannel', channel_id: channel.channel_id }))?.box.play(id);
    },
  },
  'channels.joinChannel': {
    apply(state, request, answer) {
      if (answer._ === 'messages.chatInviteJoinResultOk') state.applyUpdates(answer.updates, 'answer', request);
    },
  },
  // Whoever leaves a channel pins it no longer.
  'channels.leaveChannel': { tells: () => PINNED },
  'messages.importChatInvite': {
    apply(state, request, answer) {
      if (answer._ === 'messages.chatInviteJoinResultOk') state.applyUpdates(answer.updates, 'answer', request);
    },
  },
  'messages.exportChatInvite': {},
  'messages.editExportedChatInvite': {},
  'messages.deleteExportedChatInvite': {},
  'messages.deleteRevokedExportedChatInvites': {},
  'messages.editChatAbout': { sets: ({ peer }) => (peer._ === 'inputPeerChat' ? [fullChatCell(peer.chat_id)] : []) },
  'messages.editChatAdmin': { sets: ({ chat_id }) => [fullChatCell(chat_id), `group ${-chat_id}`] },
  'messages.deleteChat': { sets: ({ chat_id }) => [fullChatCell(chat_id), `group ${-chat_id}`] },

  'messages.saveDraft': { sets: ({ peer, reply_to }, self) => [draftCell(keyOf(peer, self), reply_to?._ === 'inputReplyToMessage' ? reply_to.top_msg_id : undefined)] },
  'messages.clearAllDrafts': { sets: () => ['draft *'] },
  'messages.markDialogUnread': { sets: ofDialog('unread mark') },
  'messages.toggleDialogPin': { sets: () => PINNED },
  'messages.reorderPinnedDialogs': { sets: () => PINNED },
  'messages.toggleSavedDialogPin': { sets: () => ['pinned saved'] },
  'messages.reorderPinnedSavedDialogs': { sets: () => ['pinned saved'] },
  'folders.editPeerFolders': { tells: ({ folder_peers }, self) => [...PINNED, ...folder_peers.map(({ peer }) => `archived ${keyOf(peer, self)}`)] },
  'messages.setHistoryTTL': { tells: ({ peer }, self) => [`ttl ${keyOf(peer, self)}`] },
  'messages.toggleNoForwards': { tells: ({ peer }, self) => [`protected ${keyOf(peer, self)}`] },
  'messages.hidePeerSettingsBar': { sets: ({ peer }, self) => [`bar ${keyOf(peer, self)}`] },
  'messages.reportSpam': { sets: ({ peer }, self) => [`bar ${keyOf(peer, self)}`] },
  'messages.updateDialogFilter': { sets: ({ id }) => [`folder ${id}`, 'folder order'] },
  'chatlists.exportChatlistInvite': { sets: ({ chatlist }) => [`folder ${chatlist.filter_id}`, 'folder order'] },
  'messages.updateDialogFiltersOrder': { sets: () => ['folder order'] },
  'messages.toggleDialogFilterTags': { sets: () => ['folder tags'] },
  'messages.updateSavedReactionTag': { sets: ({ reaction }) => [`tag ${keyOfReaction(reaction)}`] },
  'messages.setDefaultReaction': { sets: () => ['config'] },
  'messages.clearRecentReactions': { sets: () => ['recent reactions'] },

  'account.updateNotifySettings': { sets: notifyCell },
  'account.resetNotifySettings': { sets: () => ['notify *'] },
  'account.setPrivacy': { sets: ({ key }) => [privacyCell(key._.slice('inputPrivacyKey'.length)), 'bar *'] },
  'account.saveAutoSaveSettings': { sets: () => ['auto-save'] },
  'account.deleteAutoSaveExceptions': { sets: () => ['auto-save'] },
  'account.updateWebBrowserSettings': { sets: () => ['browser'] },
  'account.toggleWebBrowserSettingsException': { tells: () => ['browser site *'] },
  'account.deleteWebBrowserSettingsExceptions': { sets: () => ['browser site *'] },
  'account.updateStatus': {},
  'account.saveRingtone': { sets: () => ['saved ringtones'] },
  'account.uploadRingtone': { sets: () => ['saved ringtones'] },
  'messages.saveGif': { sets: () => ['saved gifs'] },
  'messages.faveSticker': { sets: () => ['favourite stickers'] },
  'messages.saveRecentSticker': { sets: () => ['recent stickers'] },
  'messages.clearRecentStickers': { sets: () => ['recent stickers'] },
  'messages.installStickerSet': { sets: () => ['sticker sets *'] },
  'messages.uninstallStickerSet': { sets: () => ['sticker sets *'] },
  'messages.toggleStickerSets': { sets: () => ['sticker sets *'] },
  'messages.reorderStickerSets': { sets: () => ['sticker sets *'] },
  'messages.readFeaturedStickers': {},
  'stickers.createStickerSet': { sets: () => ['sticker sets *'] },
  'stickers.addStickerToSet': { sets: () => ['sticker sets *'] },
  'stickers.replaceSticker': { sets: () => ['sticker sets *'] },
  'stickers.changeSticker': { sets: () => ['sticker sets *'] },
  'stickers.changeStickerPosition': { sets: () => ['sticker sets *'] },
  'stickers.removeStickerFromSet': { sets: () => ['sticker sets *'] },
  'stickers.renameStickerSet': { sets: () => ['sticker sets *'] },
  'stickers.setStickerSetThumb': { sets: () => ['sticker sets *'] },
  'stickers.deleteStickerSet': { sets: () => ['sticker sets *'] },

  'contacts.addContact': { sets: ofUser('contact', 'note', 'bar') },
  'contacts.acceptContact': { sets: (request, self) => [...ofUser('bar')(request, self), privacyCell('PhoneNumber')] },
  'contacts.deleteContacts': { sets: ({ id }, self) => id.flatMap((one) => ofUser('contact', 'note', 'bar')({ id: one }, self)) },
  'contacts.deleteByPhones': { sets: () => ['contact *', 'note *', 'bar *'] },
  'contacts.importContacts': { sets: () => ['contact *', 'note *', 'bar *'] },
  'contacts.importContactToken': {},
  'contacts.editCloseFriends': { sets: () => ['contact *'] },
  'contacts.updateContactNote': { sets: ofUser('note') },
  'contacts.block': { sets: ofBlocked },
  'contacts.unblock': { sets: ofBlocked },
  'contacts.setBlocked': { sets: () => ['blocked *', 'bar *'] },
};

/** Methods that set something in the own profile, unless {@link OWN_CALLS} says what else they set. */
const SETS_PROFILE = /^account\.(set|update|change|toggle|reorder|save|delete|clear|reset)[A-Z]|^photos\.(upload|update)ProfilePhoto$|^photos\.deletePhotos$/;

const PROFILE_CALL: OwnCall<Method> = { sets: () => ['self', 'self profile'] };

/** Whether a call changes what devices share, or tells of it. */
export function isOwnCall(method: string): method is Method {
  return findOwnCall(method) !== undefined || (METHODS[method as Method]?.result === 'Updates' && !READS.has(method as Method));
}

/** The cells that a call sets. Of two devices that set the same at once nobody can say which was the last. */
export function cellsOf(request: tl.AnyMethod, self: number): string[] {
  const own = findOwnCall(request._);
  return [...(own?.sets?.(request, self) ?? []), ...(own?.tells?.(request, self) ?? [])];
}

/** Takes a call that succeeded, and its answer, into the state of the device that made it; see {@link isOwnCall}. */
export function applyCall(state: AccountState, request: tl.AnyMethod, answer: unknown): void {
  noteUsers(state, answer);
  const own = findOwnCall(request._);
  for (const name of own?.sets?.(request, state.self) ?? []) state.cells.expire(name);
  // A request says by its method what answers it.
  own?.apply?.(state, request, answer);
  if (METHODS[request._].result === 'Updates') state.applyUpdates(answer as tl.Updates, 'answer', request);
}

/** Calls that answer what is there in the form of updates, and change nothing. */
const READS = new Set<Method>(['messages.getAllDrafts', 'account.getNotifyExceptions', 'messages.getMessagesReactions', 'messages.getPaidReactionPrivacy', 'messages.getPeerSettings']);

function findOwnCall(method: string): OwnCall<Method> | undefined {
  // The entry of a method takes the requests of that method.
  const named = OWN_CALLS[method as Method] as OwnCall<Method> | undefined;
  return named ?? (SETS_PROFILE.test(method) ? PROFILE_CALL : undefined);
}

/** Users of an answer are known from then on; what they say is read again where the call changed it. */
function noteUsers(state: AccountState, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return;
  const { users, user } = answer as { users?: unknown; user?: unknown };
  // Those of an Updates are counted where it is applied, so that rule P12 (named peers travel along) is checked against what came with it.
  const found = 'updates' in answer ? [] : [...(Array.isArray(users) ? (users as unknown[]) : []), user, answer];
  for (const one of found) {
    const named = one as { _?: string; id?: unknown } | undefined;
    if (named?._ === 'user') state.knownUsers.add(Number(named.id));
  }
}

function applyDeletion(
  state: AccountState,
  { max_id: maxId, min_date: minDate = 0, max_date: maxDate = 0 }: { max_id: number; min_date?: number | undefined; max_date?: number | undefined },
  affected: tl.messages.affectedHistory,
  isMeant: (message: { peer: number; raw: tl.message | tl.messageService }) => boolean,
): void {
  // Where nothing was left to delete the answer moves nothing, and neither does the client.
  if (affected.pts_count === 0) return;
  state.applyAffected(affected, () => {
    const gone = state.box.list((message) =>
      isMeant(message) && (maxId === 0 || message.id <= maxId) && (minDate === 0 || message.date >= minDate) && (maxDate === 0 || message.date <= maxDate));
    removeMessages(state, gone.map(({ id }) => id));
  });
}
