// Replacements for constructors that a layer does not have.
import type { tl } from '@aerogram/tl';
import { PAYMENT_REPLACEMENT_CASES } from './golden-lowerings-payments.ts';
import type { GoldenCase } from './golden-case.ts';

const alice: tl.peerUser = { _: 'peerUser', user_id: 7n };
const message: tl.message = { _: 'message', id: 1, peer_id: alice, date: 2, message: 'm' };
const plain: tl.textPlain = { _: 'textPlain', text: 'x' };
const page = (text: tl.RichText): tl.pageBlockParagraph => ({ _: 'pageBlockParagraph', text });
const sentCode = (type: tl.auth.SentCodeType): tl.auth.sentCode => ({ _: 'auth.sentCode', type, phone_code_hash: 'h' });
const updates = (...list: tl.Update[]): tl.updates => ({ _: 'updates', updates: list, users: [], chats: [], date: 3, seq: 0 });
const set: tl.stickerSet = { _: 'stickerSet', id: 1n, access_hash: 2n, title: 't', short_name: 's', count: 0, hash: 0 };
const dice: tl.messageMediaToDo = {
  _: 'messageMediaToDo',
  todo: { _: 'todoList', title: { _: 'textWithEntities', text: 't', entities: [] }, list: [] },
};
const area: tl.mediaAreaCoordinates = { _: 'mediaAreaCoordinates', x: 1, y: 2, w: 3, h: 4, rotation: 5 };
const story: tl.messageReplyStoryHeader = { _: 'messageReplyStoryHeader', peer: alice, story_id: 1 };

export const REPLACEMENT_CASES: Record<string, GoldenCase> = {
  ...PAYMENT_REPLACEMENT_CASES,
  'a collectible status is its emoji': {
    layer: 193,
    given: {
      _: 'updateUserEmojiStatus', user_id: 7n,
      emoji_status: { _: 'emojiStatusCollectible', collectible_id: 1n, document_id: 3n, title: 't', slug: 's', pattern_document_id: 2n, center_color: 1, edge_color: 2, pattern_color: 3, text_color: 4 },
    },
    sees: { user_id: 7n, emoji_status: { _: 'emojiStatus', document_id: 3n } },
  },
  'groups of emoji that are special are ordinary ones': {
    layer: 152,
    given: {
      _: 'messages.emojiGroups', hash: 1,
      groups: [{ _: 'emojiGroupGreeting', title: 'Hi', icon_emoji_id: 2n, emoticons: ['👋'] }, { _: 'emojiGroupPremium', title: 'P', icon_emoji_id: 3n }],
    },
    sees: { groups: [{ _: 'emojiGroup', title: 'Hi', icon_emoji_id: 2n, emoticons: ['👋'] }, { _: 'emojiGroup', title: 'P', icon_emoji_id: 3n, emoticons: [] }] },
  },
  'a status that does not end': { layer: 189, given: { _: 'emojiStatus', document_id: 3n }, sees: { _: 'emojiStatus', document_id: 3n } },
  'messageMediaPoll#4bd6e798': {
    layer: 223,
    given: { _: 'messageMediaPoll', poll: { _: 'poll', id: 1n, question: { _: 'textWithEntities', text: 'why?', entities: [] }, answers: [], hash: 77n }, results: { _: 'pollResults', total_voters: 3 } },
    sees: { poll: { id: 1n, question: { text: 'why?' } }, results: { total_voters: 3 } },
  },
  'pageBlockOrderedList#9a8ae1e1': {
    layer: 198,
    given: { _: 'pageBlockOrderedList', items: [{ _: 'pageListOrderedItemText', num: '1.', text: plain }] },
    sees: { items: [{ _: 'pageListOrderedItemText', num: '1.', text: plain }] },
  },
  'an area that the layer lacks is left out': {
    layer: 181,
    given: {
      _: 'storyItem', id: 1, date: 2, expire_date: 3, media: { _: 'messageMediaEmpty' },
      media_areas: [{ _: 'mediaAreaUrl', coordinates: area, url: 'u' }, { _: 'mediaAreaWeather', coordinates: area, emoji: 'x', temperature_c: 1, color: 2 }, { _: 'mediaAreaChannelPost', coordinates: area, channel_id: 9n, msg_id: 4 }],
    },
    sees: { id: 1, media_areas: [{ _: 'mediaAreaChannelPost', channel_id: 9n }] },
  },
  'a paid reaction is left out': {
    layer: 185,
    given: { ...message, reactions: { _: 'messageReactions', results: [{ _: 'reactionCount', reaction: { _: 'reactionPaid' }, count: 2 }, { _: 'reactionCount', reaction: { _: 'reactionEmoji', emoticon: '👍' }, count: 3 }] } },
    sees: { reactions: { results: [{ reaction: { _: 'reactionEmoji', emoticon: '👍' }, count: 3 }] } },
  },
  'what a channel ticked off is not done': {
    layer: 216,
    given: { ...dice, completions: [{ _: 'todoCompletion', id: 1, completed_by: { _: 'peerChannel', channel_id: 9n }, date: 2 }, { _: 'todoCompletion', id: 2, completed_by: alice, date: 3 }] },
    sees: { completions: [{ id: 2, completed_by: 7n }] },
  },
  'extended media of no pieces is no update': {
    layer: 181,
    given: updates({ _: 'updateMessageExtendedMedia', peer: alice, msg_id: 4, extended_media: [] }, { _: 'updateConfig' }),
    sees: { updates: [{ _: 'updateConfig' }] },
  },
  'an action that the layer lacks is an empty one': {
    layer: 144,
    given: { _: 'messageService', id: 1, peer_id: alice, date: 2, action: { _: 'messageActionTopicCreate', title: 't', icon_color: 1 } },
    sees: { _: 'messageService', id: 1, date: 2, action: { _: 'messageActionEmpty' } },
  },
  'media that the layer lacks is unsupported': { layer: 198, given: { ...message, media: dice }, sees: { id: 1, message: 'm', media: { _: 'messageMediaUnsupported' } } },
  'an entity that the layer lacks is left out': {
    layer: 198,
    given: { ...message, entities: [{ _: 'messageEntityFormattedDate', offset: 0, length: 1, date: 5 }, { _: 'messageEntityBold', offset: 0, length: 1 }] },
    sees: { entities: [{ _: 'messageEntityBold', offset: 0, length: 1 }] },
  },
  'a header that the layer lacks is absent': { layer: 144, given: { ...message, reply_to: story, views: 5, forwards: 6 }, sees: { id: 1, message: 'm', views: 5, forwards: 6 } },
  'a button that the layer lacks is left out': {
    layer: 144,
    given: {
      ...message,
      reply_markup: { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 'c', type: { _: 'inlineButtonTypeCopy', copy_text: 'x' } }, { _: 'keyboardInlineButton', text: 'u', type: { _: 'inlineButtonTypeUrl', url: 'https://u' } }] }] },
    },
    sees: { reply_markup: { rows: [{ buttons: [{ _: 'keyboardButtonUrl', text: 'u', url: 'https://u' }] }] } },
  },
  'a button within a text is its text': {
    layer: 228,
    given: page({ _: 'textButton', text: plain, type: { _: 'inlineButtonTypeUrl', url: 'https://u' } }),
    sees: { text: plain },
  },
  'an update that the layer lacks is left out': {
    layer: 144,
    given: updates({ _: 'updateSavedReactionTags' }, { _: 'updateConfig' }),
    sees: { _: 'updates', updates: [{ _: 'updateConfig' }], date: 3 },
  },
  'an update about a key that the layer lacks is left out': {
    layer: 198,
    given: updates({ _: 'updatePrivacy', key: { _: 'privacyKeySavedMusic' }, rules: [] }, { _: 'updateConfig' }),
    sees: { updates: [{ _: 'updateConfig' }] },
  },
  'a short update that the layer lacks is an empty container': { layer: 144, given: { _: 'updateShort', update: { _: 'updateSavedReactionTags' }, date: 3 }, sees: { _: 'updates', updates: [], date: 3 } },
  'a short update that the layer has stays': { layer: 144, given: { _: 'updateShort', update: { _: 'updateConfig' }, date: 3 }, sees: { _: 'updateShort', update: { _: 'updateConfig' }, date: 3 } },
  'a community is left out': {
    layer: 227,
    given: { _: 'messages.chats', chats: [{ _: 'communityForbidden', id: 1n, access_hash: 2n, title: 't' }, { _: 'chatEmpty', id: 8n }] },
    sees: { chats: [{ _: 'chatEmpty', id: 8n }] },
  },
  'auth.sentCodeTypeEmailCode': { layer: 144, given: sentCode({ _: 'auth.sentCodeTypeEmailCode', email_pattern: 'a*', length: 6 }), sees: { type: { _: 'auth.sentCodeTypeSms', length: 6 } } },
  'auth.sentCodeTypeFirebaseSms': { layer: 144, given: sentCode({ _: 'auth.sentCodeTypeFirebaseSms', length: 6 }), sees: { type: { _: 'auth.sentCodeTypeSms', length: 6 } } },
  'auth.sentCodeTypeFragmentSms': { layer: 144, given: sentCode({ _: 'auth.sentCodeTypeFragmentSms', url: 'u', length: 6 }), sees: { type: { _: 'auth.sentCodeTypeSms', length: 6 } } },
  'auth.sentCodeTypeSetUpEmailRequired': { layer: 144, given: sentCode({ _: 'auth.sentCodeTypeSetUpEmailRequired' }), sees: { type: { _: 'auth.sentCodeTypeSms', length: 5 } } },
  'auth.sentCodeTypeSmsPhrase': { layer: 144, given: sentCode({ _: 'auth.sentCodeTypeSmsPhrase' }), sees: { type: { _: 'auth.sentCodeTypeSms', length: 5 } } },
  'auth.sentCodeTypeSmsWord': { layer: 144, given: sentCode({ _: 'auth.sentCodeTypeSmsWord' }), sees: { type: { _: 'auth.sentCodeTypeSms', length: 5 } } },
  botInlineMessageMediaWebPage: { layer: 144, given: { _: 'botInlineMessageMediaWebPage', message: 'm', url: 'https://u' }, sees: { _: 'botInlineMessageText', message: 'm' } },
  botInlineMessageRichMessage: { layer: 198, given: { _: 'botInlineMessageRichMessage', rich_message: { _: 'richMessage', blocks: [], photos: [], documents: [] } }, sees: { _: 'botInlineMessageText', message: '' } },
  dialogFilterChatlist: {
    layer: 144,
    given: { _: 'dialogFilterChatlist', id: 4, title: { _: 'textWithEntities', text: 'List', entities: [] }, pinned_peers: [], include_peers: [{ _: 'inputPeerSelf' }] },
    sees: { _: 'dialogFilter', id: 4, title: 'List', include_peers: [{ _: 'inputPeerSelf' }], exclude_peers: [] },
  },
  inputGroupCallSlug: { layer: 198, given: { _: 'inputGroupCallSlug', slug: 's' }, sees: { _: 'inputGroupCall', id: 0n, access_hash: 0n } },
  inputGroupCallInviteMessage: { layer: 144, given: { _: 'inputGroupCallInviteMessage', msg_id: 1 }, sees: { _: 'inputGroupCall', id: 0n } },
  inputStickerSetTonGifts: { layer: 198, given: { _: 'documentAttributeSticker', alt: 'a', stickerset: { _: 'inputStickerSetTonGifts' } }, sees: { stickerset: { _: 'inputStickerSetEmpty' } } },
  'messages.sponsoredMessagesEmpty': { layer: 144, given: { _: 'messages.sponsoredMessagesEmpty' }, sees: { _: 'messages.sponsoredMessages', messages: [] } },
  'messages.translateResult': { layer: 144, given: { _: 'messages.translateResult', result: [{ _: 'textWithEntities', text: 'ja', entities: [] }] }, sees: { _: 'messages.translateResultText', text: 'ja' } },
  'messages.translateResult, empty': { layer: 144, given: { _: 'messages.translateResult', result: [] }, sees: { _: 'messages.translateNoResult' } },
  pageBlockMath: { layer: 198, given: { _: 'pageBlockMath', source: 'x^2' }, sees: { _: 'pageBlockUnsupported' } },
  starsTonAmount: { layer: 198, given: { _: 'updateStarsBalance', balance: { _: 'starsTonAmount', amount: 5n } }, sees: { balance: { _: 'starsAmount', amount: 0n } } },
  stickerSetNoCovered: { layer: 144, given: { _: 'stickerSetNoCovered', set }, sees: { _: 'stickerSetMultiCovered', covers: [] } },
  'formatting of texts': {
    layer: 198,
    given: page({
      _: 'textConcat',
      texts: [
        { _: 'textAutoEmail', text: plain }, { _: 'textAutoPhone', text: plain }, { _: 'textAutoUrl', text: plain }, { _: 'textBankCard', text: plain },
        { _: 'textBotCommand', text: plain }, { _: 'textCashtag', text: plain }, { _: 'textCustomEmoji', document_id: 1n, alt: 'x' }, { _: 'textDate', text: plain, date: 1 },
        { _: 'textDiff', text: plain, old_text: plain }, { _: 'textHashtag', text: plain }, { _: 'textMath', source: 'x' }, { _: 'textMention', text: plain },
        { _: 'textMentionName', text: plain, user_id: 1n }, { _: 'textSpoiler', text: plain },
      ],
    }),
    sees: { text: { texts: Array.from({ length: 14 }, () => ({ _: 'textPlain', text: 'x' })) } },
  },
  'a text difference is its new text': { layer: 227, given: page({ _: 'textDiff', text: plain, old_text: { _: 'textEmpty' } }), sees: { text: plain } },
};
