// Replacements for constructors that an older layer does not have, where dropping them would lose too much.
import type { tl } from '@aerogram/tl';
import type { Replacements } from '../generated/old-forms.ts';
import { plainGift } from './payments.ts';

/** For unknown formatting the text inside is kept. */
const inside = (o: { text: tl.RichText }): tl.RichText => o.text;

const plain = (text: string): tl.textPlain => ({ _: 'textPlain', text });
/** Codes of unknown kinds are entered like those of an SMS. */
const sms = (length: number): tl.auth.sentCodeTypeSms => ({ _: 'auth.sentCodeTypeSms', length });

const LOGIN_CODE_LENGTH = 5;
/** Older clients cannot join calls that are only known by a link. */
const noCall = (): tl.inputGroupCall => ({ _: 'inputGroupCall', id: 0n, access_hash: 0n });

export const REPLACEMENTS: Replacements = {
  'auth.sentCodeTypeEmailCode': (o) => sms(o.length),
  'auth.sentCodeTypeFirebaseSms': (o) => sms(o.length),
  'auth.sentCodeTypeFragmentSms': (o) => sms(o.length),
  'auth.sentCodeTypeSetUpEmailRequired': () => sms(LOGIN_CODE_LENGTH),
  'auth.sentCodeTypeSmsPhrase': () => sms(LOGIN_CODE_LENGTH),
  'auth.sentCodeTypeSmsWord': () => sms(LOGIN_CODE_LENGTH),
  botInlineMessageMediaWebPage: ({ message, entities, reply_markup }) => ({ _: 'botInlineMessageText', message, entities, reply_markup }),
  botInlineMessageRichMessage: ({ reply_markup }) => ({ _: 'botInlineMessageText', message: '', reply_markup }),
  dialogFilterChatlist: ({ id, title, emoticon, pinned_peers, include_peers }) => ({ _: 'dialogFilter', id, title, emoticon, pinned_peers, include_peers, exclude_peers: [] }),
  emojiGroupGreeting: ({ title, icon_emoji_id, emoticons }) => ({ _: 'emojiGroup', title, icon_emoji_id, emoticons }),
  emojiGroupPremium: ({ title, icon_emoji_id }) => ({ _: 'emojiGroup', title, icon_emoji_id, emoticons: [] }),
  emojiStatusCollectible: ({ document_id, until }) => ({ _: 'emojiStatus', document_id, until }),
  inputEmojiStatusCollectible: () => ({ _: 'emojiStatusEmpty' }),
  inputGroupCallInviteMessage: noCall,
  inputGroupCallSlug: noCall,
  'messages.sponsoredMessagesEmpty': () => ({ _: 'messages.sponsoredMessages', messages: [], chats: [], users: [] }),
  'messages.translateResult': ({ result }) => (result[0] ? { _: 'messages.translateResultText#a214f7d0', text: result[0].text } : { _: 'messages.translateNoResult#67ca4737' }),
  starGiftUnique: plainGift,
  starsTonAmount: () => ({ _: 'starsAmount', amount: 0n, nanos: 0 }),
  stickerSetNoCovered: ({ set }) => ({ _: 'stickerSetMultiCovered', set, covers: [] }),
  textAutoEmail: inside,
  textAutoPhone: inside,
  textAutoUrl: inside,
  textBankCard: inside,
  textBotCommand: inside,
  textButton: inside,
  textCashtag: inside,
  textCustomEmoji: ({ alt }) => plain(alt),
  textDate: inside,
  textDiff: inside,
  textHashtag: inside,
  textMath: ({ source }) => plain(source),
  textMention: inside,
  textMentionName: inside,
  textSpoiler: inside,
};
