// One case for each hand-written lowering: the newest object, and what a client of the layer reads.
import type { tl } from '@aerogram/tl';
import type { GoldenCase } from './golden-case.ts';
import { PAYMENT_LOWERING_CASES } from './golden-lowerings-payments.ts';

const alice: tl.peerUser = { _: 'peerUser', user_id: 7n };
const group: tl.peerChat = { _: 'peerChat', chat_id: 8n };
const channel: tl.peerChannel = { _: 'peerChannel', channel_id: 9n };
const text = (value: string): tl.textWithEntities => ({ _: 'textWithEntities', text: value, entities: [] });
const answer: tl.pollAnswer = { _: 'pollAnswer', text: text('yes'), option: Uint8Array.of(1) };
const poll: tl.poll = { _: 'poll', id: 1n, quiz: true, question: text('why?'), answers: [answer], hash: 77n };
const notify: tl.peerNotifySettings = { _: 'peerNotifySettings' };
const document: tl.documentEmpty = { _: 'documentEmpty', id: 3n };
const call: tl.groupCallDiscarded = { _: 'groupCallDiscarded', id: 1n, access_hash: 2n, duration: 3 };
const inputCall: tl.inputGroupCall = { _: 'inputGroupCall', id: 1n, access_hash: 2n };
const value: tl.statsAbsValueAndPrev = { _: 'statsAbsValueAndPrev', current: 1, previous: 2 };
const graph: tl.statsGraphAsync = { _: 'statsGraphAsync', token: 't' };
const reaction: tl.reactionEmoji = { _: 'reactionEmoji', emoticon: '👍' };
const some: tl.chatReactionsSome = { _: 'chatReactionsSome', reactions: [reaction, { _: 'reactionPaid' }] };
const userFull: tl.userFull = { _: 'userFull', id: 7n, settings: { _: 'peerSettings' }, notify_settings: notify, common_chats_count: 0, theme: { _: 'chatTheme', emoticon: '🐥' } };
const config: tl.config = {
  _: 'config', date: 1, expires: 2, test_mode: false, this_dc: 2, dc_options: [], dc_txt_domain_name: 'd', chat_size_max: 200, megagroup_size_max: 1000,
  forwarded_count_max: 100, online_update_period_ms: 1, offline_blur_timeout_ms: 2, offline_idle_timeout_ms: 3, online_cloud_timeout_ms: 4, notify_cloud_delay_ms: 5,
  notify_default_delay_ms: 6, push_chat_period_ms: 7, push_chat_limit: 8, edit_time_limit: 9, revoke_time_limit: 10, revoke_pm_time_limit: 11, rating_e_decay: 12,
  stickers_recent_limit: 13, channels_read_media_period: 14, call_receive_timeout_ms: 15, call_ring_timeout_ms: 16, call_connect_timeout_ms: 17, call_packet_timeout_ms: 18,
  me_url_prefix: 'm', caption_length_max: 19, message_length_max: 20, webfile_dc_id: 21,
};

const storyChannel: tl.channel = { _: 'channel', id: 9n, title: 't', photo: { _: 'chatPhotoEmpty' }, date: 1, stories_max_id: { _: 'recentStory', max_id: 5 } };
const storyUser: tl.user = { _: 'user', id: 7n, first_name: 'A', stories_max_id: { _: 'recentStory', live: true, max_id: 3 } };
const folder: tl.dialogFilter = { _: 'dialogFilter', id: 2, title: text('Work'), pinned_peers: [], include_peers: [], exclude_peers: [] };

/** Key of the old form → its case. */
export const LOWERING_CASES: Record<string, GoldenCase> = {
  ...PAYMENT_LOWERING_CASES,
  'account.chatThemes#16484857': { layer: 214, given: { _: 'account.chatThemes', hash: 1n, themes: [], chats: [], users: [], next_offset: '20' }, sees: { hash: 1n, next_offset: 20 } },
  'attachMenuBot#c8aa2cd2': { layer: 144, given: { _: 'attachMenuBot', bot_id: 1n, short_name: 'b', icons: [] }, sees: { _: 'attachMenuBot', bot_id: 1n, peer_types: [] } },
  'botBusinessConnection#896433b4': {
    layer: 198,
    given: { _: 'botBusinessConnection', connection_id: 'c', user_id: 7n, dc_id: 2, date: 1, rights: { _: 'businessBotRights', reply: true } },
    sees: { connection_id: 'c', can_reply: true },
  },
  'channel#0aadfc8f': { layer: 181, given: storyChannel, sees: { _: 'channel', id: 9n, stories_max_id: 5 } },
  'channel#fe4478bd': { layer: 193, given: storyChannel, sees: { _: 'channel', id: 9n, stories_max_id: 5 } },
  'channel#fe685355': { layer: 216, given: storyChannel, sees: { _: 'channel', id: 9n, stories_max_id: 5 } },
  'channel#e00998b7': {
    layer: 198,
    given: storyChannel,
    sees: { _: 'channel', id: 9n, stories_max_id: 5 },
  },
  'channelAdminLogEventActionChangeAvailableReactions#9cf7f76a': {
    layer: 144,
    given: { _: 'channelAdminLogEventActionChangeAvailableReactions', prev_value: { _: 'chatReactionsNone' }, new_value: some },
    sees: { prev_value: [], new_value: ['👍'] },
  },
  'channelFull#ea68a619': {
    layer: 144,
    given: { _: 'channelFull', id: 9n, about: 'a', read_inbox_max_id: 1, read_outbox_max_id: 1, unread_count: 0, chat_photo: { _: 'photoEmpty', id: 1n }, notify_settings: notify, bot_info: [], pts: 1, available_reactions: some },
    sees: { _: 'channelFull', available_reactions: ['👍'] },
  },
  'channels.sendAsPeers#8356cda9': {
    layer: 144,
    given: { _: 'channels.sendAsPeers', peers: [{ _: 'sendAsPeer', peer: channel }], chats: [], users: [] },
    sees: { peers: [channel] },
  },
  'chatFull#d18ee226': {
    layer: 144,
    given: { _: 'chatFull', id: 8n, about: 'a', participants: { _: 'chatParticipantsForbidden', chat_id: 8n }, notify_settings: notify, available_reactions: { _: 'chatReactionsAll' } },
    sees: { _: 'chatFull', about: 'a' },
  },
  'chatlists.chatlistInvite#1dcd839d': { layer: 193, given: { _: 'chatlists.chatlistInvite', title: text('List'), peers: [channel], chats: [], users: [] }, sees: { title: 'List', peers: [channel] } },
  'config#232566ac': { layer: 152, given: { ...config, reactions_default: reaction }, sees: { _: 'config', this_dc: 2, stickers_faved_limit: 5, pinned_infolder_count_max: 100, message_length_max: 20, reactions_default: reaction } },
  'config#330b4067': { layer: 144, given: config, sees: { _: 'config', this_dc: 2, saved_gifs_limit: 200, pinned_dialogs_count_max: 100, message_length_max: 20, webfile_dc_id: 21 } },
  'connectedBot#bd068601': {
    layer: 185,
    given: { _: 'connectedBot', bot_id: 7n, recipients: { _: 'businessBotRecipients' }, rights: { _: 'businessBotRights', reply: true } },
    sees: { can_reply: true, bot_id: 7n },
  },
  'dialogFilter#5fb5523b': { layer: 193, given: { ...folder, color: 3 }, sees: { title: 'Work', color: 3 } },
  'dialogFilterChatlist#9fe28ea4': { layer: 189, given: { _: 'dialogFilterChatlist', id: 2, title: text('List'), pinned_peers: [], include_peers: [] }, sees: { _: 'dialogFilterChatlist', title: 'List' } },
  'dialogFilter#7438f7e8': { layer: 144, given: folder, sees: { title: 'Work' } },
  'documentAttributeVideo#0ef02ce6': { layer: 144, given: { _: 'documentAttributeVideo', duration: 1.25, w: 3, h: 4 }, sees: { duration: 2, w: 3, h: 4 } },
  'draftMessage#fd8e711f': {
    layer: 144,
    given: { _: 'draftMessage', message: 'later', date: 1, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 12, quote_text: 'q' } },
    sees: { message: 'later', reply_to_msg_id: 12 },
  },
  'emojiStatus#929b619d': { layer: 193, given: { _: 'emojiStatus', document_id: 3n, until: 4 }, sees: { _: 'emojiStatusUntil', document_id: 3n, until: 4 } },
  'globalPrivacySettings#bea2f424': { layer: 144, given: { _: 'globalPrivacySettings', archive_and_mute_new_noncontact_peers: true }, sees: { archive_and_mute_new_noncontact_peers: true } },
  'help.premiumPromo#8a4f3c29': {
    layer: 144,
    given: { _: 'help.premiumPromo', status_text: '', status_entities: [], video_sections: [], videos: [], users: [], period_options: [{ _: 'premiumSubscriptionOption', months: 1, currency: 'EUR', amount: 499n, bot_url: '' }] },
    sees: { currency: 'EUR', monthly_amount: 499n },
  },
  'ephemeralMessage#d9c6dc1a': {
    layer: 228,
    given: { _: 'ephemeralMessage', id: 1, from_id: alice, peer_id: group, receiver_id: 7n, date: 2, message: 'm' },
    sees: { _: 'ephemeralMessage', id: 1, peer_id: group, message: 'm' },
  },
  'help.promoData#8c39793f': {
    layer: 198,
    given: { _: 'help.promoData', expires: 5, peer: channel, psa_type: 'p', pending_suggestions: ['x'], dismissed_suggestions: [], chats: [], users: [] },
    sees: { _: 'help.promoData', expires: 5, peer: channel, psa_type: 'p' },
  },
  'inputMediaPoll#0f94e5f1': { layer: 198, given: { _: 'inputMediaPoll', poll, correct_answers: [0] }, sees: { correct_answers: [Uint8Array.of(1)] } },
  'invoice#3e85a91b': {
    layer: 144,
    given: { _: 'invoice', recurring: true, currency: 'EUR', prices: [], terms_url: 'https://t' },
    sees: { currency: 'EUR', recurring: true, recurring_terms_url: 'https://t' },
  },
  'keyboardButton#7d170cff': {
    layer: 228,
    given: { _: 'keyboardButton', text: 't', style: { _: 'keyboardButtonStyle', bg_primary: true }, type: { _: 'buttonTypeDefault' } },
    sees: { _: 'keyboardButton', text: 't', style: { _: 'keyboardButtonStyle', bg_primary: true } },
  },
  'keyboardButton#a2fa4880': { layer: 198, given: { _: 'keyboardButton', text: 't', type: { _: 'buttonTypeRequestPhone' } }, sees: { _: 'keyboardButtonRequestPhone', text: 't' } },
  'messageActionBotAllowed#abe9affe': { layer: 144, given: { _: 'messageActionBotAllowed', domain: 'd' }, sees: { _: 'messageActionBotAllowed', domain: 'd' } },
  'messageActionGiftCode#56d03994': { layer: 198, given: { _: 'messageActionGiftCode', days: 90, slug: 's' }, sees: { months: 3, slug: 's' } },
  'messageActionGiftPremium#6c6274fa': { layer: 198, given: { _: 'messageActionGiftPremium', currency: 'EUR', amount: 1n, days: 365 }, sees: { months: 12 } },
  'messageActionGiftPremium#aba0f5c6': { layer: 144, given: { _: 'messageActionGiftPremium', currency: 'EUR', amount: 1n, days: 180 }, sees: { currency: 'EUR', months: 6 } },
  'messageActionRequestedPeer#fe77345d': { layer: 152, given: { _: 'messageActionRequestedPeer', button_id: 1, peers: [alice, group] }, sees: { _: 'messageActionRequestedPeer', button_id: 1, peer: alice } },
  'messageActionSetChatTheme#aa786345': { layer: 144, given: { _: 'messageActionSetChatTheme', theme: { _: 'chatTheme', emoticon: '🐥' } }, sees: { _: 'messageActionSetChatTheme', emoticon: '🐥' } },
  'messageMediaDocument#4cf4d72d': {
    layer: 185,
    given: { _: 'messageMediaDocument', video: true, document, alt_documents: [document, { _: 'documentEmpty', id: 4n }] },
    sees: { video: true, document, alt_document: document },
  },
  'messagePeerReaction#51b67eff': { layer: 144, given: { _: 'messagePeerReaction', peer_id: alice, date: 1, reaction, big: true }, sees: { peer_id: alice, reaction: '👍', big: true } },
  'messageReplyHeader#a6d57763': { layer: 144, given: { _: 'messageReplyHeader', reply_to_msg_id: 4, quote: true, quote_text: 'q' }, sees: { _: 'messageReplyHeader', reply_to_msg_id: 4 } },
  'messages.votesList#0823f649': {
    layer: 144,
    given: {
      _: 'messages.votesList', count: 4, chats: [], users: [],
      votes: [
        { _: 'messagePeerVote', peer: alice, option: Uint8Array.of(1), date: 5 }, { _: 'messagePeerVoteInputOption', peer: alice, date: 6 },
        { _: 'messagePeerVoteMultiple', peer: alice, options: [Uint8Array.of(1)], date: 7 }, { _: 'messagePeerVote', peer: channel, option: Uint8Array.of(1), date: 8 },
      ],
    },
    sees: { votes: [{ _: 'messageUserVote', user_id: 7n }, { _: 'messageUserVoteInputOption', date: 6 }, { _: 'messageUserVoteMultiple', date: 7 }] },
  },
  'pageListOrderedItemBlocks#98dd8936': { layer: 198, given: { _: 'pageListOrderedItemBlocks', blocks: [] }, sees: { num: '', blocks: [] } },
  'pageListOrderedItemText#5e068047': { layer: 144, given: { _: 'pageListOrderedItemText', num: '2.', text: { _: 'textEmpty' } }, sees: { num: '2.' } },
  'payments.checkedGiftCode#284a1096': { layer: 198, given: { _: 'payments.checkedGiftCode', date: 1, days: 30, chats: [], users: [] }, sees: { months: 1, date: 1 } },
  'poll#86e18161': { layer: 144, given: poll, sees: { _: 'poll', quiz: true, question: 'why?', answers: [{ _: 'pollAnswer', text: 'yes', option: Uint8Array.of(1) }] } },
  'pollAnswer#6ca9c2e9': { layer: 144, given: answer, sees: { text: 'yes' } },
  'pollAnswerVoters#3b6ddad2': { layer: 198, given: { _: 'pollAnswerVoters', chosen: true, option: Uint8Array.of(1), voters: 3 }, sees: { chosen: true, voters: 3 } },
  'pollResults#dcb82ea3': { layer: 144, given: { _: 'pollResults', total_voters: 2, recent_voters: [alice, channel] }, sees: { total_voters: 2, recent_voters: [7n] } },
  'reactionCount#6fb250d1': { layer: 144, given: { _: 'reactionCount', chosen_order: 0, reaction, count: 2 }, sees: { chosen: true, reaction: '👍', count: 2 } },
  'starGiftAttributeBackdrop#94271762': {
    layer: 198,
    given: { _: 'starGiftAttributeBackdrop', name: 'n', backdrop_id: 1, center_color: 2, edge_color: 3, pattern_color: 4, text_color: 5, rarity: { _: 'starGiftAttributeRarity', permille: 6 } },
    sees: { name: 'n', text_color: 5, rarity_permille: 6 },
  },
  'starGiftAttributeModel#39d99013': { layer: 198, given: { _: 'starGiftAttributeModel', name: 'n', document, rarity: { _: 'starGiftAttributeRarityRare' } }, sees: { rarity_permille: 20 } },
  'starGiftAttributePattern#13acff19': { layer: 198, given: { _: 'starGiftAttributePattern', name: 'n', document, rarity: { _: 'starGiftAttributeRarityEpic' } }, sees: { rarity_permille: 5 } },
  'starsTransaction#64dfc926': {
    layer: 198,
    given: { _: 'starsTransaction', id: 'i', amount: { _: 'starsAmount', amount: 5n, nanos: 0 }, date: 1, peer: { _: 'starsTransactionPeerFragment' } },
    sees: { id: 'i', stars: { _: 'starsAmount', amount: 5n, nanos: 0 } },
  },
  'stats.broadcastStats#bdf78394': {
    layer: 144,
    given: {
      _: 'stats.broadcastStats', period: { _: 'statsDateRangeDays', min_date: 1, max_date: 2 }, followers: value, views_per_post: value, shares_per_post: value,
      reactions_per_post: value, views_per_story: value, shares_per_story: value, reactions_per_story: value, enabled_notifications: { _: 'statsPercentValue', part: 1, total: 2 },
      growth_graph: graph, followers_graph: graph, mute_graph: graph, top_hours_graph: graph, interactions_graph: graph, iv_interactions_graph: graph, views_by_source_graph: graph,
      new_followers_by_source_graph: graph, languages_graph: graph, reactions_by_emotion_graph: graph, story_interactions_graph: graph, story_reactions_by_emotion_graph: graph,
      recent_posts_interactions: [
        { _: 'postInteractionCountersMessage', msg_id: 1, views: 2, forwards: 3, reactions: 4 }, { _: 'postInteractionCountersStory', story_id: 1, views: 2, forwards: 3, reactions: 4 },
      ],
    },
    sees: { recent_message_interactions: [{ msg_id: 1, views: 2, forwards: 3 }] },
  },
  'replyInlineMarkup#48a30254': {
    layer: 227,
    given: { _: 'replyInlineMarkup', force_reply: true, rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 'u', type: { _: 'inlineButtonTypeUrl', url: 'https://u' } }] }] },
    sees: { _: 'replyInlineMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButtonUrl', text: 'u', url: 'https://u' }] }] },
  },
  'todoCompletion#4cc120b7': { layer: 216, given: { _: 'todoCompletion', id: 1, completed_by: alice, date: 2 }, sees: { id: 1, completed_by: 7n, date: 2 } },
  'updateEphemeralBotCallbackQuery#9b380762': {
    layer: 228,
    given: {
      _: 'updateEphemeralBotCallbackQuery', query_id: 1n, user_id: 7n, peer: group, msg_id: 2, data: Uint8Array.of(1),
      message: { _: 'ephemeralMessage', id: 2, from_id: alice, peer_id: group, receiver_id: 7n, date: 2, message: 'm' },
    },
    sees: { query_id: 1n, peer: group, message: { id: 2, peer_id: group } },
  },
  'updateGroupCall#14b24500': { layer: 144, given: { _: 'updateGroupCall', peer: channel, call }, sees: { chat_id: 9n, call } },
  'updateGroupCall#97d64341': { layer: 198, given: { _: 'updateGroupCall', peer: group, call }, sees: { chat_id: 8n, call } },
  'updateGroupCallMessage#78c314e0': {
    layer: 216,
    given: { _: 'updateGroupCallMessage', call: inputCall, message: { _: 'groupCallMessage', id: 4, from_id: alice, date: 5, message: text('hi') } },
    sees: { call: inputCall, from_id: alice, random_id: 4n, message: text('hi') },
  },
  'updateMessageExtendedMedia#5a73a98c': {
    layer: 181,
    given: { _: 'updateMessageExtendedMedia', peer: alice, msg_id: 4, extended_media: [{ _: 'messageExtendedMediaPreview', w: 5, h: 6 }] },
    sees: { msg_id: 4, extended_media: { _: 'messageExtendedMediaPreview', w: 5, h: 6 } },
  },
  'updateMessagePollVote#106395c9': { layer: 144, given: { _: 'updateMessagePollVote', poll_id: 1n, peer: alice, options: [Uint8Array.of(1)], positions: [0], qts: 4 }, sees: { user_id: 7n, qts: 4 } },
  'updatePaidReactionPrivacy#51ca7aec': { layer: 198, given: { _: 'updatePaidReactionPrivacy', private: { _: 'paidReactionPrivacyAnonymous' } }, sees: { private: true } },
  'updatePeerBlocked#246a4b22': { layer: 144, given: { _: 'updatePeerBlocked', blocked: true, peer_id: alice }, sees: { peer_id: alice, blocked: true } },
  'updateUserName#c3f202e0': {
    layer: 144,
    given: { _: 'updateUserName', user_id: 7n, first_name: 'A', last_name: 'B', usernames: [{ _: 'username', username: 'old' }, { _: 'username', active: true, username: 'alice' }] },
    sees: { user_id: 7n, first_name: 'A', last_name: 'B', username: 'alice' },
  },
  'urlAuthResultAccepted#8f8c0e4e': { layer: 198, given: { _: 'urlAuthResultAccepted', url: 'https://u' }, sees: { url: 'https://u' } },
  'user#020b1422': { layer: 214, given: storyUser, sees: { _: 'user', id: 7n, first_name: 'A', stories_max_id: 3 } },
  'user#215c4438': { layer: 181, given: storyUser, sees: { _: 'user', id: 7n, first_name: 'A', stories_max_id: 3 } },
  'user#4b46c37e': { layer: 198, given: storyUser, sees: { _: 'user', id: 7n, first_name: 'A', stories_max_id: 3 } },
  'user#83314fca': { layer: 189, given: storyUser, sees: { _: 'user', id: 7n, first_name: 'A', stories_max_id: 3 } },
  'userFull#1f58e369': { layer: 193, given: userFull, sees: { _: 'userFull', id: 7n, theme_emoticon: '🐥' } },
  'userFull#4d975bbc': { layer: 198, given: userFull, sees: { _: 'userFull', id: 7n, theme_emoticon: '🐥' } },
  'userFull#99e78045': { layer: 204, given: userFull, sees: { _: 'userFull', id: 7n, theme_emoticon: '🐥' } },
  'userFull#cc997720': { layer: 184, given: userFull, sees: { _: 'userFull', id: 7n, theme_emoticon: '🐥' } },
  'userFull#f8d32aed': { layer: 152, given: userFull, sees: { id: 7n, theme_emoticon: '🐥' } },
  'userFull#c4b1fc3f': { layer: 144, given: userFull, sees: { _: 'userFull', id: 7n, theme_emoticon: '🐥' } },
  'webViewResultUrl#0c14557c': { layer: 144, given: { _: 'webViewResultUrl', url: 'https://u' }, sees: { query_id: 0n, url: 'https://u' } },
};

/** Forms that a layer has but that can no longer be created: the answer is an error. */
export const REFUSED: Record<string, GoldenCase> = {
  'messages.chatInviteJoinResultWebView#2f51c337': { layer: 227, given: { _: 'messages.chatInviteJoinResultWebView', bot_id: 1n, query_id: 2n, users: [] }, sees: {} },
};
