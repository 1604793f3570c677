// One case for each hand-written lift: what a client of an older layer sends, and what handlers get.
import type { tl } from '@aerogram/tl';
import type { LiftCase } from './golden-case.ts';
import { KEYBOARD_LIFT_CASES } from './golden-lifts-keyboards.ts';
import { PAYMENT_LIFT_CASES } from './golden-lifts-payments.ts';

const self: tl.inputPeerSelf = { _: 'inputPeerSelf' };
const bot: tl.inputUser = { _: 'inputUser', user_id: 5n, access_hash: 6n };
const channel: tl.inputChannel = { _: 'inputChannel', channel_id: 9n, access_hash: 10n };
const peer: tl.inputPeerChannel = { _: 'inputPeerChannel', channel_id: 9n, access_hash: 10n };
const file: tl.inputFile = { _: 'inputFile', id: 1n, parts: 1, name: 'f', md5_checksum: '' };
const password: tl.inputCheckPasswordEmpty = { _: 'inputCheckPasswordEmpty' };
const reply_to: tl.inputReplyToMessage = { _: 'inputReplyToMessage', reply_to_msg_id: 12 };
const text = (value: string): tl.textWithEntities => ({ _: 'textWithEntities', text: value, entities: [] });
/** A reply in a topic, in layers that have topics but not this constructor. */
const in_topic: tl.inputReplyToMessage = { _: 'inputReplyToMessage', reply_to_msg_id: 12, top_msg_id: 3 };
const yes = Uint8Array.of(1);
const no = Uint8Array.of(2);

/** A constructor inside a request: the poll, the video … to send. */
const media = (layer: number, sent: object, becomes: tl.InputMedia): LiftCase => ({
  layer,
  sent: { _: 'messages.uploadMedia', peer: self, media: sent },
  becomes: { _: 'messages.uploadMedia', peer: self, media: becomes },
});

export const LIFT_CASES: Record<string, LiftCase> = {
  ...KEYBOARD_LIFT_CASES,
  ...PAYMENT_LIFT_CASES,
  'account.addNoPaidMessagesException#6f688aa7': {
    layer: 204,
    sent: { _: 'account.addNoPaidMessagesException', refund_charged: true, user_id: bot },
    becomes: { _: 'account.toggleNoPaidMessagesException', refund_charged: true, user_id: bot },
  },
  'account.getUniqueGiftChatThemes#fe74ef9f': {
    layer: 214,
    sent: { _: 'account.getUniqueGiftChatThemes', offset: 20, limit: 10, hash: 3n },
    becomes: { _: 'account.getUniqueGiftChatThemes', offset: '20', limit: 10, hash: 3n },
  },
  'account.sendVerifyEmailCode#7011509f': {
    layer: 144,
    sent: { _: 'account.sendVerifyEmailCode', email: 'a@b' },
    becomes: { _: 'account.sendVerifyEmailCode', purpose: { _: 'emailVerifyPurposePassport' }, email: 'a@b' },
  },
  'account.updateColor#7cefa15d': {
    layer: 198,
    sent: { _: 'account.updateColor', color: 3, background_emoji_id: 4n },
    becomes: { _: 'account.updateColor', color: { _: 'peerColor', color: 3, background_emoji_id: 4n } },
  },
  'account.updateConnectedBot#43d8521d': {
    layer: 198,
    sent: { _: 'account.updateConnectedBot', can_reply: true, bot, recipients: { _: 'inputBusinessBotRecipients' } },
    becomes: { _: 'account.updateConnectedBot', rights: { _: 'businessBotRights', reply: true }, bot, recipients: { _: 'inputBusinessBotRecipients' } },
  },
  'account.verifyEmail#ecba39db': {
    layer: 144,
    sent: { _: 'account.verifyEmail', email: 'a@b', code: '123' },
    becomes: { _: 'account.verifyEmail', purpose: { _: 'emailVerifyPurposePassport' }, verification: { _: 'emailVerificationCode', code: '123' } },
  },
  'autoDownloadSettings#8efab953': {
    layer: 144,
    sent: { _: 'account.saveAutoDownloadSettings', low: true, settings: { _: 'autoDownloadSettings', disabled: true, photo_size_max: 1, video_size_max: 2n, file_size_max: 3n, video_upload_maxbitrate: 4 } },
    becomes: {
      _: 'account.saveAutoDownloadSettings', low: true,
      settings: { _: 'autoDownloadSettings', disabled: true, photo_size_max: 1, video_size_max: 2n, file_size_max: 3n, video_upload_maxbitrate: 4, small_queue_active_operations_max: 5, large_queue_active_operations_max: 2 },
    },
  },
  'channels.clickSponsoredMessage#01445d75': {
    layer: 189,
    sent: { _: 'channels.clickSponsoredMessage', fullscreen: true, channel, random_id: yes },
    becomes: { _: 'messages.clickSponsoredMessage', fullscreen: true, random_id: yes },
  },
  'channels.clickSponsoredMessage#18afbc93': {
    layer: 185,
    sent: { _: 'channels.clickSponsoredMessage', channel, random_id: yes },
    becomes: { _: 'messages.clickSponsoredMessage', random_id: yes },
  },
  'channels.createForumTopic#f40c0224': {
    layer: 198,
    sent: { _: 'channels.createForumTopic', channel, title: 't', icon_color: 1, random_id: 2n },
    becomes: { _: 'messages.createForumTopic', peer, title: 't', icon_color: 1, random_id: 2n },
  },
  'channels.deleteTopicHistory#34435f2d': {
    layer: 198,
    sent: { _: 'channels.deleteTopicHistory', channel, top_msg_id: 4 },
    becomes: { _: 'messages.deleteTopicHistory', peer, top_msg_id: 4 },
  },
  'channels.editCreator#8f38cd1f': {
    layer: 198,
    sent: { _: 'channels.editCreator', channel, user_id: bot, password },
    becomes: { _: 'messages.editChatCreator', peer, user_id: bot, password },
  },
  'channels.editForumTopic#f4dfa185': {
    layer: 198,
    sent: { _: 'channels.editForumTopic', channel, topic_id: 3, title: 't', closed: true },
    becomes: { _: 'messages.editForumTopic', peer, topic_id: 3, title: 't', closed: true },
  },
  'channels.getForumTopics#0de560d1': {
    layer: 198,
    sent: { _: 'channels.getForumTopics', channel, q: 'x', offset_date: 1, offset_id: 2, offset_topic: 3, limit: 4 },
    becomes: { _: 'messages.getForumTopics', peer, q: 'x', offset_date: 1, offset_id: 2, offset_topic: 3, limit: 4 },
  },
  'channels.getForumTopicsByID#b0831eb9': {
    layer: 198,
    sent: { _: 'channels.getForumTopicsByID', channel, topics: [1, 2] },
    becomes: { _: 'messages.getForumTopicsByID', peer, topics: [1, 2] },
  },
  'channels.getFutureCreatorAfterLeave#a00918af': {
    layer: 223,
    sent: { _: 'channels.getFutureCreatorAfterLeave', channel },
    becomes: { _: 'messages.getFutureChatCreatorAfterLeave', peer },
  },
  'channels.getSponsoredMessages#ec210fbf': {
    layer: 144,
    sent: { _: 'channels.getSponsoredMessages', channel: { _: 'inputChannelFromMessage', peer: self, msg_id: 3, channel_id: 9n } },
    becomes: { _: 'messages.getSponsoredMessages', peer: { _: 'inputPeerChannelFromMessage', peer: self, msg_id: 3, channel_id: 9n } },
  },
  'channels.reorderPinnedForumTopics#2950a18f': {
    layer: 198,
    sent: { _: 'channels.reorderPinnedForumTopics', force: true, channel, order: [1] },
    becomes: { _: 'messages.reorderPinnedForumTopics', force: true, peer, order: [1] },
  },
  'channels.reportSponsoredMessage#af8ff6b9': {
    layer: 189,
    sent: { _: 'channels.reportSponsoredMessage', channel, random_id: yes, option: no },
    becomes: { _: 'messages.reportSponsoredMessage', random_id: yes, option: no },
  },
  'channels.toggleForum#a4298b29': {
    layer: 198,
    sent: { _: 'channels.toggleForum', channel, enabled: true },
    becomes: { _: 'channels.toggleForum', channel, enabled: true, tabs: false },
  },
  'channels.toggleSignatures#1f69b606': {
    layer: 144,
    sent: { _: 'channels.toggleSignatures', channel, enabled: true },
    becomes: { _: 'channels.toggleSignatures', channel, signatures_enabled: true },
  },
  'channels.updatePinnedForumTopic#6c2d9026': {
    layer: 198,
    sent: { _: 'channels.updatePinnedForumTopic', channel: { _: 'inputChannelEmpty' }, topic_id: 1, pinned: true },
    becomes: { _: 'messages.updatePinnedForumTopic', peer: { _: 'inputPeerEmpty' }, topic_id: 1, pinned: true },
  },
  'channels.viewSponsoredMessage#beaedb94': {
    layer: 144,
    sent: { _: 'channels.viewSponsoredMessage', channel, random_id: yes },
    becomes: { _: 'messages.viewSponsoredMessage', random_id: yes },
  },
  'dialogFilter#7438f7e8': {
    layer: 144,
    sent: { _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', bots: true, id: 2, title: 'Bots', pinned_peers: [], include_peers: [self], exclude_peers: [] } },
    becomes: { _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', bots: true, id: 2, title: text('Bots'), pinned_peers: [], include_peers: [self], exclude_peers: [] } },
  },
  'dialogFilter#5fb5523b': {
    layer: 193,
    sent: { _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', bots: true, id: 2, title: 'Bots', color: 4, pinned_peers: [], include_peers: [self], exclude_peers: [] } },
    becomes: { _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', bots: true, id: 2, title: text('Bots'), color: 4, pinned_peers: [], include_peers: [self], exclude_peers: [] } },
  },
  'dialogFilterChatlist#9fe28ea4': {
    layer: 181,
    sent: { _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilterChatlist', has_my_invites: true, id: 2, title: 'List', pinned_peers: [], include_peers: [self] } },
    becomes: { _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilterChatlist', has_my_invites: true, id: 2, title: text('List'), pinned_peers: [], include_peers: [self] } },
  },
  'documentAttributeVideo#0ef02ce6': media(
    144,
    { _: 'inputMediaUploadedDocument', file, mime_type: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', supports_streaming: true, duration: 9, w: 3, h: 4 }] },
    { _: 'inputMediaUploadedDocument', file, mime_type: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', supports_streaming: true, duration: 9, w: 3, h: 4 }] },
  ),
  'emojiStatusUntil#fa30a8c7': {
    layer: 193,
    sent: { _: 'account.updateEmojiStatus', emoji_status: { _: 'emojiStatusUntil', document_id: 3n, until: 4 } },
    becomes: { _: 'account.updateEmojiStatus', emoji_status: { _: 'emojiStatus', document_id: 3n, until: 4 } },
  },
  'globalPrivacySettings#bea2f424': {
    layer: 144,
    sent: { _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', archive_and_mute_new_noncontact_peers: true } },
    becomes: { _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', archive_and_mute_new_noncontact_peers: true } },
  },
  'help.getAppConfig#98914110': { layer: 144, sent: { _: 'help.getAppConfig' }, becomes: { _: 'help.getAppConfig', hash: 0 } },
  'inputMediaPoll#0f94e5f1': media(
    198,
    {
      _: 'inputMediaPoll', correct_answers: [no],
      poll: { _: 'poll', id: 1n, quiz: true, question: text('why?'), answers: [{ _: 'pollAnswer', text: text('a'), option: yes }, { _: 'pollAnswer', text: text('b'), option: no }] },
    },
    {
      _: 'inputMediaPoll', correct_answers: [1],
      poll: { _: 'poll', id: 1n, quiz: true, question: text('why?'), answers: [{ _: 'pollAnswer', text: text('a'), option: yes }, { _: 'pollAnswer', text: text('b'), option: no }], hash: 0n },
    },
  ),
  'invoice#3e85a91b': media(
    144,
    {
      _: 'inputMediaInvoice', title: 't', description: 'd', payload: yes, provider: 'p', provider_data: { _: 'dataJSON', data: '{}' },
      invoice: { _: 'invoice', recurring: true, currency: 'EUR', prices: [], recurring_terms_url: 'https://t' },
    },
    {
      _: 'inputMediaInvoice', title: 't', description: 'd', payload: yes, provider: 'p', provider_data: { _: 'dataJSON', data: '{}' },
      invoice: { _: 'invoice', recurring: true, currency: 'EUR', prices: [], terms_url: 'https://t' },
    },
  ),
  'messages.composeMessageWithAI#fd426afe': {
    layer: 224,
    sent: { _: 'messages.composeMessageWithAI', emojify: true, text: text('x'), change_tone: 'formal' },
    becomes: { _: 'messages.composeMessageWithAI', emojify: true, text: text('x'), tone: { _: 'inputAiComposeToneDefault', tone: 'formal' } },
  },
  'messages.getMessageReactionsList#e0ee6b77': {
    layer: 144,
    sent: { _: 'messages.getMessageReactionsList', peer: self, id: 1, reaction: '👍', limit: 2 },
    becomes: { _: 'messages.getMessageReactionsList', peer: self, id: 1, reaction: { _: 'reactionEmoji', emoticon: '👍' }, limit: 2 },
  },
  'messages.getPollResults#73bb643b': { layer: 198, sent: { _: 'messages.getPollResults', peer: self, msg_id: 3 }, becomes: { _: 'messages.getPollResults', peer: self, msg_id: 3, poll_hash: 0n } },
  'messages.prolongWebView#7ff34309': {
    layer: 152,
    sent: { _: 'messages.prolongWebView', peer: self, bot, query_id: 1n, reply_to_msg_id: 12, top_msg_id: 3 },
    becomes: { _: 'messages.prolongWebView', peer: self, bot, query_id: 1n, reply_to: in_topic },
  },
  'messages.prolongWebView#ea5fbcce': {
    layer: 144,
    sent: { _: 'messages.prolongWebView', silent: true, peer: self, bot, query_id: 1n, reply_to_msg_id: 12 },
    becomes: { _: 'messages.prolongWebView', silent: true, peer: self, bot, query_id: 1n, reply_to },
  },
  'messages.report#8953ab4e': {
    layer: 144,
    sent: { _: 'messages.report', peer: self, id: [1], reason: { _: 'inputReportReasonSpam' }, message: 'm' },
    becomes: { _: 'messages.report', peer: self, id: [1], option: Buffer.from('inputReportReasonSpam'), message: 'm' },
  },
  'messages.requestSimpleWebView#6abb2f73': {
    layer: 144,
    sent: { _: 'messages.requestSimpleWebView', bot, url: 'https://u' },
    becomes: { _: 'messages.requestSimpleWebView', bot, url: 'https://u', platform: 'unknown' },
  },
  'messages.requestWebView#178b480b': {
    layer: 152,
    sent: { _: 'messages.requestWebView', peer: self, bot, url: 'https://u', platform: 'tdesktop', reply_to_msg_id: 12, top_msg_id: 3 },
    becomes: { _: 'messages.requestWebView', peer: self, bot, url: 'https://u', platform: 'tdesktop', reply_to: in_topic },
  },
  'messages.requestWebView#91b15831': {
    layer: 144,
    sent: { _: 'messages.requestWebView', peer: self, bot, url: 'https://u', reply_to_msg_id: 12 },
    becomes: { _: 'messages.requestWebView', peer: self, bot, url: 'https://u', platform: 'unknown', reply_to },
  },
  'messages.saveDraft#b4331e3f': {
    layer: 152,
    // Only the first message of a topic: the draft replies to no message.
    sent: { _: 'messages.saveDraft', top_msg_id: 3, peer: self, message: 'm' },
    becomes: { _: 'messages.saveDraft', reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 0, top_msg_id: 3 }, peer: self, message: 'm' },
  },
  'messages.saveDraft#bc39e14b': {
    layer: 144,
    sent: { _: 'messages.saveDraft', no_webpage: true, reply_to_msg_id: 12, peer: self, message: 'm' },
    becomes: { _: 'messages.saveDraft', no_webpage: true, reply_to, peer: self, message: 'm' },
  },
  'messages.sendBotRequestedPeer#fe38d01b': {
    layer: 152,
    sent: { _: 'messages.sendBotRequestedPeer', peer: self, msg_id: 1, button_id: 2, requested_peer: self },
    becomes: { _: 'messages.sendBotRequestedPeer', peer: self, msg_id: 1, button_id: 2, requested_peers: [self] },
  },
  'messages.sendInlineBotResult#7aa11297': {
    layer: 144,
    sent: { _: 'messages.sendInlineBotResult', peer: self, reply_to_msg_id: 12, random_id: 1n, query_id: 2n, id: 'i' },
    becomes: { _: 'messages.sendInlineBotResult', peer: self, reply_to, random_id: 1n, query_id: 2n, id: 'i' },
  },
  'messages.sendInlineBotResult#d3fbdccb': {
    layer: 152,
    sent: { _: 'messages.sendInlineBotResult', peer: self, reply_to_msg_id: 12, top_msg_id: 3, random_id: 1n, query_id: 2n, id: 'i' },
    becomes: { _: 'messages.sendInlineBotResult', peer: self, reply_to: in_topic, random_id: 1n, query_id: 2n, id: 'i' },
  },
  'messages.sendMedia#7547c966': {
    layer: 152,
    sent: { _: 'messages.sendMedia', peer: self, reply_to_msg_id: 12, top_msg_id: 3, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: 'm', random_id: 1n },
    becomes: { _: 'messages.sendMedia', peer: self, reply_to: in_topic, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: 'm', random_id: 1n },
  },
  'messages.sendMedia#e25ff8e0': {
    layer: 144,
    sent: { _: 'messages.sendMedia', peer: self, reply_to_msg_id: 12, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: 'm', random_id: 1n },
    becomes: { _: 'messages.sendMedia', peer: self, reply_to, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: 'm', random_id: 1n },
  },
  'messages.sendMessage#0d9d75a4': {
    layer: 144,
    sent: { _: 'messages.sendMessage', silent: true, peer: self, reply_to_msg_id: 12, message: 'hello', random_id: 1n, entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }] },
    becomes: { _: 'messages.sendMessage', silent: true, peer: self, reply_to, message: 'hello', random_id: 1n, entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }] },
  },
  'messages.sendMessage#1cc20387': {
    layer: 152,
    sent: { _: 'messages.sendMessage', clear_draft: true, peer: self, message: 'hello', random_id: 1n },
    becomes: { _: 'messages.sendMessage', clear_draft: true, peer: self, message: 'hello', random_id: 1n },
  },
  'messages.sendMultiMedia#b6f11a1c': {
    layer: 152,
    sent: { _: 'messages.sendMultiMedia', peer: self, reply_to_msg_id: 12, top_msg_id: 3, multi_media: [] },
    becomes: { _: 'messages.sendMultiMedia', peer: self, reply_to: in_topic, multi_media: [] },
  },
  'messages.sendMultiMedia#f803138f': {
    layer: 144,
    sent: { _: 'messages.sendMultiMedia', peer: self, reply_to_msg_id: 12, multi_media: [] },
    becomes: { _: 'messages.sendMultiMedia', peer: self, reply_to, multi_media: [] },
  },
  'messages.sendPaidReaction#9dd6a67b': {
    layer: 198,
    sent: { _: 'messages.sendPaidReaction', peer: self, msg_id: 1, count: 2, random_id: 3n, private: true },
    becomes: { _: 'messages.sendPaidReaction', peer: self, msg_id: 1, count: 2, random_id: 3n, private: { _: 'paidReactionPrivacyAnonymous' } },
  },
  'messages.sendReaction#25690ce4': {
    layer: 144,
    sent: { _: 'messages.sendReaction', big: true, peer: self, msg_id: 1, reaction: '👍' },
    becomes: { _: 'messages.sendReaction', big: true, peer: self, msg_id: 1, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] },
  },
  'messages.sendScreenshotNotification#c97df020': {
    layer: 144,
    sent: { _: 'messages.sendScreenshotNotification', peer: self, reply_to_msg_id: 12, random_id: 1n },
    becomes: { _: 'messages.sendScreenshotNotification', peer: self, reply_to, random_id: 1n },
  },
  'messages.setChatAvailableReactions#14050ea6': {
    layer: 144,
    sent: { _: 'messages.setChatAvailableReactions', peer: self, available_reactions: ['👍'] },
    becomes: { _: 'messages.setChatAvailableReactions', peer: self, available_reactions: { _: 'chatReactionsSome', reactions: [{ _: 'reactionEmoji', emoticon: '👍' }] } },
  },
  'messages.setChatTheme#e63be13f': {
    layer: 198,
    sent: { _: 'messages.setChatTheme', peer: self, emoticon: '🐥' },
    becomes: { _: 'messages.setChatTheme', peer: self, theme: { _: 'inputChatTheme', emoticon: '🐥' } },
  },
  'messages.setDefaultReaction#d960c4d4': {
    layer: 144,
    sent: { _: 'messages.setDefaultReaction', reaction: '👍' },
    becomes: { _: 'messages.setDefaultReaction', reaction: { _: 'reactionEmoji', emoticon: '👍' } },
  },
  'messages.togglePaidReactionPrivacy#849ad397': {
    layer: 198,
    sent: { _: 'messages.togglePaidReactionPrivacy', peer: self, msg_id: 1, private: false },
    becomes: { _: 'messages.togglePaidReactionPrivacy', peer: self, msg_id: 1, private: { _: 'paidReactionPrivacyDefault' } },
  },
  'messages.translateText#24ce6dee': {
    layer: 144,
    sent: { _: 'messages.translateText', text: 'yes', to_lang: 'de' },
    becomes: { _: 'messages.translateText', text: [text('yes')], to_lang: 'de' },
  },
  'payments.canPurchasePremium#9fc19eb6': {
    layer: 198,
    sent: { _: 'payments.canPurchasePremium', purpose: { _: 'inputStorePaymentPremiumSubscription', upgrade: true } },
    becomes: { _: 'payments.canPurchaseStore', purpose: { _: 'inputStorePaymentPremiumSubscription', upgrade: true } },
  },
  'payments.getStarsRevenueWithdrawalUrl#13bbe8b3': {
    layer: 198,
    sent: { _: 'payments.getStarsRevenueWithdrawalUrl', peer: self, stars: 5n, password },
    becomes: { _: 'payments.getStarsRevenueWithdrawalUrl', peer: self, amount: 5n, password },
  },
  'phoneCallDiscardReasonAllowGroupCall#afe2b839': {
    layer: 198,
    sent: { _: 'phone.discardCall', peer: { _: 'inputPhoneCall', id: 1n, access_hash: 2n }, duration: 3, reason: { _: 'phoneCallDiscardReasonAllowGroupCall', encrypted_key: yes }, connection_id: 4n },
    becomes: { _: 'phone.discardCall', peer: { _: 'inputPhoneCall', id: 1n, access_hash: 2n }, duration: 3, reason: { _: 'phoneCallDiscardReasonHangup' }, connection_id: 4n },
  },
  'poll#58747131': media(
    198,
    { _: 'inputMediaPoll', poll: { _: 'poll', id: 1n, question: text('why?'), answers: [], close_period: 5 } },
    { _: 'inputMediaPoll', poll: { _: 'poll', id: 1n, question: text('why?'), answers: [], close_period: 5, hash: 0n } },
  ),
  'poll#86e18161': media(
    144,
    { _: 'inputMediaPoll', poll: { _: 'poll', id: 1n, public_voters: true, question: 'why?', answers: [] } },
    { _: 'inputMediaPoll', poll: { _: 'poll', id: 1n, public_voters: true, question: text('why?'), answers: [], hash: 0n } },
  ),
  'pollAnswer#6ca9c2e9': media(
    144,
    { _: 'inputMediaPoll', poll: { _: 'poll', id: 1n, question: 'why?', answers: [{ _: 'pollAnswer', text: 'a', option: yes }] } },
    { _: 'inputMediaPoll', poll: { _: 'poll', id: 1n, question: text('why?'), answers: [{ _: 'pollAnswer', text: text('a'), option: yes }], hash: 0n } },
  ),
  'stats.getMessagePublicForwards#5630281b': {
    layer: 144,
    sent: { _: 'stats.getMessagePublicForwards', channel, msg_id: 1, offset_rate: 2, offset_peer: self, offset_id: 3, limit: 4 },
    becomes: { _: 'stats.getMessagePublicForwards', channel, msg_id: 1, offset: '2_3', limit: 4 },
  },
  'stories.report#1923fa8c': {
    layer: 185,
    sent: { _: 'stories.report', peer: self, id: [1], reason: { _: 'inputReportReasonSpam' }, message: 'm' },
    becomes: { _: 'stories.report', peer: self, id: [1], option: Buffer.from('inputReportReasonSpam'), message: 'm' },
  },
  'users.getIsPremiumRequiredToContact#a622aa10': {
    layer: 198,
    sent: { _: 'users.getIsPremiumRequiredToContact', id: [bot] },
    becomes: { _: 'users.getRequirementsToContact', id: [bot] },
  },
};
