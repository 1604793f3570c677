import type { tl } from '@aerogram/tl';

/** The fields of each constructor that name peers, or hold constructors that do. */
type NamingFields = { readonly [T in tl.AnyObject as T['_']]?: readonly (keyof T & string)[] };

/**
 * Where objects that this server builds name peers: a field here is a Peer, a bare user id (`bigint`), a list of such, or an object that is
 * listed itself. The users in these fields travel with the object, with an access hash for the viewer. So each of them must be an id
 * that the server put there after it checked the right to it; a constructor that is not listed names nobody, whatever it holds.
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
