import { methods } from '../../src/index.ts';
import { type PeerPlace, PeerPlaces } from './peer-places.ts';

/** What each method does about a person in another data centre. Each is decided: a method that is new, or gets a new field, fails the test until it is listed. */

const places = new PeerPlaces();
/** What only shows a person, such as a mention in a text. */
const isShowing = ({ path }: PeerPlace): boolean => path.includes('inputMessageEntityMentionName') || path.includes('inputInlineButtonTypeUserProfile');
/** The top field of a place. */
export const fieldOf = ({ path }: PeerPlace): string => path.split('.')[0]!;
/** Places in which a request names a user, with the top field in which they are. */
export const naming = methods
  .map(({ method }) => ({ method: method as string, found: places.of(method).filter((place) => place.type !== 'InputChannel' && !isShowing(place)) }))
  .filter(({ found }) => found.length > 0);

/** The fields in which such a person is as good as one here. What is done touches only rows of the caller, or is told to the other data centre. */
export const WORKING: Readonly<Record<string, string>> = {
  // Settings of the caller.
  'account.getNotifyExceptions': 'peer', 'account.getNotifySettings': 'peer', 'account.saveAutoSaveSettings': 'peer', 'account.setPrivacy': 'rules', 'account.updateNotifySettings': 'peer',
  'contacts.resetTopPeerRating': 'peer', 'folders.editPeerFolders': 'folder_peers', 'messages.getPeerSettings': 'peer', 'messages.hidePeerSettingsBar': 'peer', 'messages.updateDialogFilter': 'filter',
  // Reports to the operator of the caller's home.
  'account.reportPeer': 'peer', 'account.reportProfilePhoto': 'peer', 'messages.report': 'peer', 'messages.reportMessagesDelivery': 'peer', 'messages.reportReaction': 'peer reaction_peer', 'messages.reportSpam': 'peer',
  // Contacts and blocks, of which the other data centre is told.
  'contacts.acceptContact': 'id', 'contacts.addContact': 'id', 'contacts.block': 'id', 'contacts.deleteContacts': 'id', 'contacts.setBlocked': 'id', 'contacts.unblock': 'id', 'contacts.updateContactNote': 'id',
  // Groups and channels: nobody elsewhere is in one, and who cannot be added is named in the answer.
  'channels.getAdminLog': 'admins', 'channels.getParticipant': 'participant', 'channels.inviteToChannel': 'users', 'messages.addChatUser': 'user_id', 'messages.createChat': 'users', 'messages.getCommonChats': 'user_id',
  // The list of chats, and what the caller has of the messages.
  'messages.deleteSavedHistory': 'peer', 'messages.getDialogs': 'offset_peer', 'messages.getHistory': 'peer', 'messages.getMessageEditData': 'peer', 'messages.getMessageReactionsList': 'peer',
  'messages.getMessageReadParticipants': 'peer', 'messages.getMessagesReactions': 'peer', 'messages.getMessagesViews': 'peer', 'messages.getOutboxReadDate': 'peer', 'messages.getPeerDialogs': 'peers',
  'messages.getRecentLocations': 'peer', 'messages.getSavedDialogs': 'offset_peer', 'messages.getSavedDialogsByID': 'ids', 'messages.getSavedHistory': 'peer', 'messages.getSavedReactionTags': 'peer',
  'messages.getSearchCounters': 'peer saved_peer_id', 'messages.getSearchResultsCalendar': 'peer saved_peer_id', 'messages.getSearchResultsPositions': 'peer saved_peer_id', 'messages.getSponsoredMessages': 'peer',
  'messages.getUnreadMentions': 'peer', 'messages.getUnreadPollVotes': 'peer', 'messages.getUnreadReactions': 'peer saved_peer_id', 'messages.markDialogUnread': 'peer', 'messages.readMentions': 'peer',
  'messages.readPollVotes': 'peer', 'messages.readReactions': 'peer saved_peer_id', 'messages.reorderPinnedDialogs': 'order', 'messages.reorderPinnedSavedDialogs': 'order', 'messages.saveDraft': 'peer reply_to',
  'messages.search': 'peer from_id saved_peer_id', 'messages.searchGlobal': 'offset_peer', 'messages.toggleDialogPin': 'peer', 'messages.toggleSavedDialogPin': 'peer',
  // Messages.
  'messages.deleteHistory': 'peer', 'messages.editMessage': 'peer', 'messages.forwardMessages': 'from_peer to_peer reply_to', 'messages.readHistory': 'peer', 'messages.sendMessage': 'peer reply_to', 'messages.sendMedia': 'peer reply_to', 'messages.sendReaction': 'peer',
  'messages.setTyping': 'peer', 'messages.deleteScheduledMessages': 'peer', 'messages.getScheduledHistory': 'peer', 'messages.getScheduledMessages': 'peer', 'messages.sendScheduledMessages': 'peer', 'messages.startBot': 'bot peer',
  // Profiles.
  'photos.getUserPhotos': 'user_id', 'users.getFullUser': 'id', 'users.getRequirementsToContact': 'id', 'users.getSavedMusic': 'id', 'users.getSavedMusicByID': 'id', 'users.getUsers': 'id',
  'upload.getFile': 'location', 'upload.getFileHashes': 'location',
  // Features that are empty for everybody, and that clients ask for with each profile.
  'payments.getSavedStarGifts': 'peer', 'payments.getStarGiftCollections': 'peer', 'stories.getAlbums': 'peer', 'stories.getPeerMaxIDs': 'id', 'stories.getPeerStories': 'peer', 'stories.getPinnedStories': 'peer', 'stories.getStoriesByID': 'peer',
};

/** Methods that work with nobody elsewhere. */
export const REFUSING: readonly string[] = [
  // Bots, of which only their home knows more than the name.
  'bots.allowSendMessage', 'bots.canSendMessage', 'bots.createBot', 'bots.exportBotToken', 'bots.getBotCommands', 'bots.getBotInfo', 'bots.getBotMenuButton', 'bots.reorderUsernames', 'bots.resetBotCommands', 'bots.setBotCommands',
  'bots.setBotInfo', 'bots.setBotMenuButton', 'bots.toggleUsername', 'messages.editInlineBotMessage', 'messages.getBotCallbackAnswer', 'messages.getInlineBotResults', 'messages.sendBotRequestedPeer', 'messages.sendInlineBotResult', 'messages.setInlineBotResults',
  'photos.updateProfilePhoto', 'photos.uploadProfilePhoto', 'channels.toggleJoinRequest',
  // Members and admins of groups and channels.
  'channels.deleteParticipantHistory', 'channels.editAdmin', 'channels.editBanned', 'channels.getSendAs', 'channels.reportSpam', 'channels.searchPosts', 'messages.createForumTopic', 'messages.deleteChatUser',
  'messages.deleteExportedChatInvite', 'messages.deleteParticipantReaction', 'messages.deleteParticipantReactions', 'messages.deleteRevokedExportedChatInvites', 'messages.deleteTopicHistory', 'messages.editChatAbout',
  'messages.editChatAdmin', 'messages.editChatCreator', 'messages.editChatDefaultBannedRights', 'messages.editChatParticipantRank', 'messages.editExportedChatInvite', 'messages.editForumTopic', 'messages.exportChatInvite',
  'messages.getAdminsWithInvites', 'messages.getChatInviteImporters', 'messages.getDialogUnreadMarks', 'messages.getDiscussionMessage', 'messages.getExportedChatInvite', 'messages.getExportedChatInvites', 'messages.getForumTopics',
  'messages.getForumTopicsByID', 'messages.getFutureChatCreatorAfterLeave', 'messages.getOnlines', 'messages.getPersonalChannelHistory', 'messages.getReplies', 'messages.hideAllChatJoinRequests', 'messages.hideChatJoinRequest',
  'messages.readDiscussion', 'messages.reorderPinnedForumTopics', 'messages.saveDefaultSendAs', 'messages.setChatAvailableReactions', 'messages.updatePinnedForumTopic',
  'chatlists.editExportedInvite', 'chatlists.exportChatlistInvite', 'chatlists.joinChatlistInvite', 'chatlists.joinChatlistUpdates', 'chatlists.leaveChatlist', 'premium.getBoostsList', 'premium.getBoostsStatus', 'premium.getUserBoosts',
  // What is the same for both people of a chat, and stays at one home.
  'messages.sendScreenshotNotification', 'messages.setChatTheme', 'messages.setChatWallPaper', 'messages.setHistoryTTL', 'messages.toggleNoForwards', 'messages.unpinAllMessages', 'messages.updatePinnedMessage', 'users.suggestBirthday',
  // Media, lists and polls.
  'messages.sendMultiMedia', 'messages.uploadMedia', 'photos.uploadContactProfilePhoto', 'stickers.createStickerSet', 'messages.transcribeAudio', 'messages.addPollAnswer', 'messages.deletePollAnswer', 'messages.getPollResults',
  'messages.getPollVotes', 'messages.sendVote', 'messages.appendTodoList', 'messages.toggleTodoCompleted',
  // Others.
  'help.dismissSuggestion', 'help.editUserInfo', 'help.getUserInfo', 'help.hidePromoData', 'payments.getGiveawayInfo', 'payments.getPremiumGiftCodeOptions', 'payments.getStarsGiftOptions', 'payments.getStarsStatus',
  'payments.getStarsSubscriptions', 'payments.getStarsTransactions', 'stories.getStoriesArchive',
  // Secret chats.
  'messages.requestEncryption',
  // Calls between people of two data centres do not exist yet.
  'phone.createGroupCall', 'phone.getGroupCallJoinAs', 'phone.requestCall',
];

/** With which error a person elsewhere is refused in a field, if it is not PEER_ID_INVALID. */
export const ERRORS: Readonly<Record<string, string>> = {
  'messages.sendMultiMedia.peer': 'CHAT_SEND_MEDIA_FORBIDDEN', 'messages.uploadMedia.peer': 'CHAT_SEND_MEDIA_FORBIDDEN',
  'messages.getBotCallbackAnswer.peer': 'BOT_INVALID', 'messages.getInlineBotResults.bot': 'BOT_INVALID', 'messages.sendBotRequestedPeer.peer': 'BOT_INVALID',
  'bots.allowSendMessage.bot': 'BOT_INVALID', 'bots.canSendMessage.bot': 'BOT_INVALID', 'bots.exportBotToken.bot': 'BOT_INVALID', 'bots.getBotInfo.bot': 'BOT_INVALID', 'bots.reorderUsernames.bot': 'BOT_INVALID',
  'bots.setBotInfo.bot': 'BOT_INVALID', 'bots.toggleUsername.bot': 'BOT_INVALID', 'photos.updateProfilePhoto.bot': 'BOT_INVALID', 'photos.uploadProfilePhoto.bot': 'BOT_INVALID', 'messages.requestEncryption.user_id': 'USER_ID_INVALID', 'phone.requestCall.user_id': 'USER_PRIVACY_RESTRICTED',
};
