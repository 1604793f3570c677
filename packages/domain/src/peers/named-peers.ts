import type { tl } from '@aerogram/tl';

/** The fields of each constructor that hold peers, or hold constructors that do. */
type NamingFields = { readonly [T in tl.AnyObject as T['_']]?: readonly (keyof T & string)[] };

/**
 * The fields in which objects built by this server mention peers. Each field holds a Peer, a bare user id (`bigint`), a list of these, or
 * an object that is listed here itself. The users in these fields are sent along with the object, with an access hash for the viewer. So
 * each of these ids must have been put there by the server after it checked the right to it. The fields of constructors that are not listed
 * are never searched.
 */
export const NAMING_FIELDS: NamingFields = {
  // Peers
  inputPeerUser: ['user_id'],
  dialogPeer: ['peer'],
  folderPeer: ['peer'],
  notifyPeer: ['peer'],

  // Messages
  message: ['from_id', 'peer_id', 'saved_peer_id', 'fwd_from', 'via_bot_id', 'reply_to', 'media', 'entities', 'reactions'],
  messageService: ['from_id', 'peer_id', 'saved_peer_id', 'reply_to', 'action', 'reactions'],
  messageFwdHeader: ['from_id', 'saved_from_peer', 'saved_from_id'],
  messageReplyHeader: ['reply_to_peer_id', 'reply_from', 'quote_entities'],
  messageEntityMentionName: ['user_id'],
  messageMediaContact: ['user_id'],
  messageActionSetMessagesTTL: ['auto_setting_from'],
  messageReactions: ['recent_reactions'],
  messagePeerReaction: ['peer_id'],
  draftMessage: ['reply_to', 'entities'],
  inputReplyToMessage: ['reply_to_peer_id', 'quote_entities'],

  // Settings
  dialogFilter: ['pinned_peers', 'include_peers', 'exclude_peers'],
  privacyValueAllowUsers: ['users'],
  privacyValueDisallowUsers: ['users'],

  // Updates
  updateDeleteScheduledMessages: ['peer'],
  updateDialogFilter: ['filter'],
  updateDialogPinned: ['peer'],
  updateDialogUnreadMark: ['peer'],
  updateDraftMessage: ['peer', 'draft'],
  updateEditMessage: ['message'],
  updateFolderPeers: ['folder_peers'],
  updateMessageReactions: ['peer', 'reactions'],
  updateNewMessage: ['message'],
  updateNewScheduledMessage: ['message'],
  updateNotifySettings: ['peer'],
  updatePeerBlocked: ['peer_id'],
  updatePeerHistoryTTL: ['peer'],
  updatePeerSettings: ['peer'],
  updatePinnedDialogs: ['order'],
  updatePinnedMessages: ['peer'],
  updatePinnedSavedDialogs: ['order'],
  updatePrivacy: ['rules'],
  updateReadHistoryInbox: ['peer'],
  updateReadHistoryOutbox: ['peer'],
  updateSavedDialogPinned: ['peer'],
  updateUser: ['user_id'],
  updateUserName: ['user_id'],
  updateUserPhone: ['user_id'],
  updateUserStatus: ['user_id'],
  updateUserTyping: ['user_id'],
};
