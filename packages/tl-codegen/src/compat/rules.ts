// Manual decisions about older layers. Codegen fails if a difference can neither be converted automatically nor is listed here, and if an
// entry here is no longer needed: read the difference, then decide.

/**
 * What to do with a constructor that a layer does not have, by its boxed type: `drop` leaves it out (of its vector or optional field; if it
 * is required, the containing object is dropped too), a name writes that constructor (one without fields) instead, and `by hand` uses
 * REPLACEMENTS in `packages/tl-compat/src/converters`.
 */
export const ABSENT_BY_TYPE: Readonly<Record<string, string>> = {
  BotInlineMessage: 'by hand',
  ChannelAdminLogEventAction: 'drop',
  Chat: 'drop',
  ChatFull: 'drop',
  Dialog: 'drop',
  DialogFilter: 'by hand',
  DialogPeer: 'drop',
  EmojiGroup: 'by hand',
  EmojiStatus: 'by hand',
  InlineQueryPeerType: 'drop',
  InputFile: 'drop',
  InputGroupCall: 'by hand',
  InputMedia: 'drop',
  InputReplyTo: 'drop',
  InputStickerSet: 'inputStickerSetEmpty',
  KeyboardButton: 'drop',
  MediaArea: 'drop',
  MessageAction: 'messageActionEmpty',
  MessageEntity: 'drop',
  MessageMedia: 'messageMediaUnsupported',
  MessageReplyHeader: 'drop',
  MessagesFilter: 'drop',
  NotifyPeer: 'drop',
  PageBlock: 'pageBlockUnsupported',
  PeerColor: 'drop',
  PhoneCallDiscardReason: 'drop',
  PollAnswer: 'drop',
  PrepaidGiveaway: 'drop',
  PrivacyKey: 'drop',
  PrivacyRule: 'drop',
  Reaction: 'drop',
  RequestPeerType: 'drop',
  RichText: 'by hand',
  SavedDialog: 'drop',
  SendMessageAction: 'sendMessageTypingAction',
  StarGift: 'by hand',
  StarsAmount: 'by hand',
  StarsTransactionPeer: 'starsTransactionPeerUnsupported',
  StickerSetCovered: 'by hand',
  TopPeerCategory: 'drop',
  Update: 'drop',
  VideoSize: 'drop',
  WebPageAttribute: 'drop',
  'auth.CodeType': 'drop',
  'auth.SentCode': 'drop',
  'auth.SentCodeType': 'by hand',
  'messages.SponsoredMessages': 'by hand',
  'messages.TranslatedText': 'by hand',
  'payments.PaymentForm': 'drop',
  'payments.PaymentReceipt': 'drop',
};

/**
 * Required fields whose value may be dropped, so that the containing object is dropped too, up to the next vector, optional field, or the
 * whole answer. All were checked: none of them removes a message or a dialog.
 */
export const MAY_TAKE_ALONG: ReadonlySet<string> = new Set([
  'channelAdminLogEvent.action',
  'channelAdminLogEventActionChangePeerColor.new_value', 'channelAdminLogEventActionChangePeerColor.prev_value',
  'channelAdminLogEventActionChangeProfilePeerColor.new_value', 'channelAdminLogEventActionChangeProfilePeerColor.prev_value',
  'chatInviteAlready.chat', 'chatInvitePeek.chat',
  'messages.chatFull.full_chat',
  'updates.channelDifferenceTooLong.dialog',
  'updateDialogPinned.peer', 'updateDialogUnreadMark.peer', 'updateSavedDialogPinned.peer',
  'messages.searchCounter.filter',
  'updateNotifySettings.peer',
  'updatePrivacy.key',
  'inputKeyboardButtonRequestPeer.peer_type', 'keyboardButtonRequestPeer.peer_type',
  'topPeerCategoryPeers.category',
  'account.emailVerifiedLogin.sent_code',
  'updateShort.update', // handled separately: an empty `updates` is sent instead
  'pageBlockChannel.channel',
  // Paid reactions: each of these is in its own vector, or is an update.
  'updateNewStoryReaction.reaction', 'updateSentStoryReaction.reaction',
  'reactionCount.reaction', 'messagePeerReaction.reaction', 'storyReaction.reaction', 'savedReactionTag.reaction', 'mediaAreaSuggestedReaction.reaction',
  'inputMediaUploadedDocument.file', 'inputMediaUploadedPhoto.file', // files of drafts
]);

/**
 * The first layer in whose form objects are stored (`storedEncode`). From this layer on every old form can be read, not only those that
 * clients send, because a newer program finds them in its database.
 */
export const FIRST_STORED_LAYER = 228;

/** Old methods without a newest form: they are read completely and reported as not registered. */
export const GONE_METHODS: ReadonlySet<string> = new Set([
  'folders.deleteFolder#1c295881',
  'help.getAppChangelog#9010ef6f',
  'messages.getAllChats#875f74be',
  'payments.requestRecurringPayment#146e958d',
  'phone.createConferenceCall#dfc909ab',
  'stats.getBroadcastRevenueStats#75dfb671',
  'stats.getBroadcastRevenueStats#f788ee19',
  'stats.getBroadcastRevenueTransactions#0069280f',
  'stats.getBroadcastRevenueTransactions#70990b6d',
  'stats.getBroadcastRevenueWithdrawalUrl#2a65ef73',
  'stats.getBroadcastRevenueWithdrawalUrl#9df4faad',
  'test.parseInputAppEvent#bb0d87f1',
  'test.useConfigSimple#f9b7b23d',
]);

/** Old methods with a new name, with hand-written lifts: form → newest name. */
export const RENAMED_METHODS: Readonly<Record<string, string>> = {
  'account.addNoPaidMessagesException#6f688aa7': 'account.toggleNoPaidMessagesException',
  'channels.clickSponsoredMessage#01445d75': 'messages.clickSponsoredMessage',
  'channels.clickSponsoredMessage#18afbc93': 'messages.clickSponsoredMessage',
  'channels.createForumTopic#f40c0224': 'messages.createForumTopic',
  'channels.deleteTopicHistory#34435f2d': 'messages.deleteTopicHistory',
  'channels.editCreator#8f38cd1f': 'messages.editChatCreator',
  'channels.editForumTopic#f4dfa185': 'messages.editForumTopic',
  'channels.getForumTopics#0de560d1': 'messages.getForumTopics',
  'channels.getForumTopicsByID#b0831eb9': 'messages.getForumTopicsByID',
  'channels.getFutureCreatorAfterLeave#a00918af': 'messages.getFutureChatCreatorAfterLeave',
  'channels.getSponsoredMessages#ec210fbf': 'messages.getSponsoredMessages',
  'channels.reorderPinnedForumTopics#2950a18f': 'messages.reorderPinnedForumTopics',
  'channels.reportSponsoredMessage#af8ff6b9': 'messages.reportSponsoredMessage',
  'channels.updatePinnedForumTopic#6c2d9026': 'messages.updatePinnedForumTopic',
  'channels.viewSponsoredMessage#beaedb94': 'messages.viewSponsoredMessage',
  'payments.canPurchasePremium#9fc19eb6': 'payments.canPurchaseStore',
  'payments.getUserStarGifts#5e72c7e1': 'payments.getSavedStarGifts',
  'users.getIsPremiumRequiredToContact#a622aa10': 'users.getRequirementsToContact',
};
