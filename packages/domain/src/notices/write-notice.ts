import type { tl } from '@aerogram/tl';

import { noticeKindOf, noticeOfAction, PINNED } from './notice-kinds.ts';

/** Where a message stands, and for whom it is. */
export type NoticeChat =
  | { kind: 'private'; userId: bigint; author: string }
  | { kind: 'group'; chatId: bigint; fromId: bigint; author: string; title: string }
  | { kind: 'channel'; channelId: bigint; fromId: bigint | undefined; author: string; title: string; isBroadcast: boolean };

/** What stands in a message. */
export interface NoticeContent {
  text: string;
  entities: readonly tl.MessageEntity[];
  media: tl.MessageMedia | undefined;
}

/** A message of which somebody is told. */
export interface NoticeMessage extends NoticeContent {
  /** The account. */
  ownerId: bigint;
  msgId: number;
  chat: NoticeChat;
  /** The emoji with which somebody has reacted to this message of the account's, if that is what is told. */
  reaction?: string | undefined;
  action: tl.MessageAction | undefined;
  /** What was pinned, if that is what the action says; undefined if it is gone. */
  pinned: NoticeContent | undefined;
  isSilent: boolean;
  isMention: boolean;
}

/** How much is said. text: everything; names: who wrote where; nothing: that there is something new, because the app is locked. */
export type NoticeDetail = 'text' | 'names' | 'nothing';

/** What a push service brings to an app. All numbers are strings, as apps of phones expect. See https://core.telegram.org/api/push-updates */
export interface NoticePayload {
  loc_key: string;
  loc_args: string[];
  user_id: string;
  custom: Record<string, string>;
  title: string;
  description: string;
  mute: '0' | '1';
  random_id: string;
  badge?: string;
  sound?: string;
}

/** Most characters of a text. */
const TEXT_MAX = 256;

/** Stands where nobody is named. */
export const APP = 'Aerogram';

const HIDDEN = '▒';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Writes what an app is told of a message: the key and the words for apps that choose their own texts, and a title and a line for those that show them as they come. Pure.
 * @returns undefined if nobody is told of such a service message
 */
export function writeNotice(message: NoticeMessage, detail: NoticeDetail, randomId: bigint): NoticePayload | undefined {
  const said = sayMessage(message, detail);
  if (said === undefined) return undefined;
  const common = { user_id: String(message.ownerId), mute: '0', random_id: String(BigInt.asIntN(64, randomId)) } as const;
  if (detail === 'nothing') return { ...common, loc_key: 'LOCKED_MESSAGE', loc_args: [], custom: {}, title: APP, description: 'You have a new message' };
  const { chat, isSilent, isMention, msgId } = message;
  return {
    ...common,
    loc_key: said.key,
    loc_args: said.args,
    custom: {
      ...placeOf(chat),
      msg_id: String(msgId),
      ...(isSilent ? { silent: '1' } : {}),
      ...(isMention ? { mention: '1' } : {}),
    },
    title: chat.kind === 'private' ? chat.author : chat.title,
    description: isGroup(chat) && chat.author !== '' ? `${chat.author}: ${said.words}` : said.words,
    ...(isSilent ? {} : { sound: 'default' }),
  };
}

/** Whether several people write there. */
const isGroup = (chat: NoticeChat): boolean => chat.kind === 'group' || (chat.kind === 'channel' && !chat.isBroadcast);

interface Said {
  key: string;
  args: string[];
  words: string;
}

function sayMessage(message: NoticeMessage, detail: NoticeDetail): Said | undefined {
  const { chat, action, ownerId, pinned, reaction } = message;
  if (reaction !== undefined) return sayReaction(message, reaction, detail);
  const names = chat.kind === 'private' ? [chat.author] : isGroup(chat) ? [chat.author, chat.title] : [chat.title];
  if (action !== undefined) {
    const told = noticeOfAction(action, ownerId);
    if (told?.key === PINNED) return sayPinned(chat, detail === 'text' ? pinned : undefined);
    return told && { key: told.key, args: told.key.startsWith('CHAT_') ? names : names.slice(0, 1), words: told.words };
  }
  const prefix = chat.kind === 'private' ? 'MESSAGE' : isGroup(chat) ? 'CHAT_MESSAGE' : 'CHANNEL_MESSAGE';
  if (detail !== 'text') return { key: `${prefix}_NOTEXT`, args: names, words: 'New message' };
  const { key, extra, words } = sayContent(message);
  return { key: `${prefix}_${key}`, args: extra === undefined ? names : [...names, extra], words };
}

/** The reaction comes after who gave it, and before the title of the group. */
function sayReaction(message: NoticeMessage, reaction: string, detail: NoticeDetail): Said {
  const { chat } = message;
  const [prefix, args] = chat.kind === 'private' ? ['REACT', [chat.author, reaction]] : ['CHAT_REACT', [chat.author, reaction, chat.title]];
  if (detail !== 'text') return { key: `${prefix}_NOTEXT`, args, words: `reacted ${reaction} to your message` };
  const { key, extra, words } = sayContent(message);
  return { key: `${prefix}_${key}`, args: extra === undefined ? args : [...args, extra], words: `reacted ${reaction} to your "${words}"` };
}

/** In these keys the title of the chat is the last argument; in all others it comes before the content. */
function sayPinned(chat: NoticeChat, pinned: NoticeContent | undefined): Said {
  const [author, titles] = chat.kind === 'private' ? [chat.author, []] : [isGroup(chat) ? chat.author : chat.title, [chat.title]];
  if (pinned === undefined) return { key: `${PINNED}_NOTEXT`, args: [author, ...titles], words: 'pinned a message' };
  const { key, extra, words } = sayContent(pinned);
  return { key: `${PINNED}_${key}`, args: [author, ...(extra === undefined ? [] : [extra]), ...titles], words: `pinned "${words}"` };
}

function sayContent({ text, entities, media }: NoticeContent): { key: string; extra: string | undefined; words: string } {
  const kind = noticeKindOf(media);
  const shown = cut(hideSpoilers(text, entities));
  if (shown !== '') {
    // Apps tell by the emoji in front of a caption what kind of media it belongs to.
    const signed = kind.sign === undefined ? shown : `${kind.sign} ${shown}`;
    return { key: 'TEXT', extra: signed, words: signed };
  }
  const extra = kind.extra === undefined ? undefined : cut(kind.extra);
  if (kind.key === 'TEXT' && extra === undefined) return { key: 'NOTEXT', extra: undefined, words: 'New message' };
  return { key: kind.key, extra, words: cut(kind.words ?? extra ?? 'New message') };
}

function placeOf(chat: NoticeChat): Record<string, string> {
  if (chat.kind === 'private') return { from_id: String(chat.userId) };
  if (chat.kind === 'group') return { chat_id: String(chat.chatId), chat_from_id: String(chat.fromId) };
  return { channel_id: String(chat.channelId), ...(chat.fromId === undefined ? {} : { chat_from_id: String(chat.fromId) }) };
}

/** Replaces what is hidden until somebody taps it. */
function hideSpoilers(text: string, entities: readonly tl.MessageEntity[]): string {
  let shown = text;
  for (const entity of entities) {
    if (entity._ !== 'messageEntitySpoiler') continue;
    shown = shown.slice(0, entity.offset) + HIDDEN.repeat(entity.length) + shown.slice(entity.offset + entity.length);
  }
  return shown;
}

/** Cuts a text where a character ends that a person would call one. */
function cut(text: string): string {
  if (text.length <= TEXT_MAX) return text;
  let length = 0;
  for (const { segment, index } of graphemes.segment(text.slice(0, TEXT_MAX * 2))) {
    if (index + segment.length > TEXT_MAX - 1) break;
    length = index + segment.length;
  }
  return `${text.slice(0, length)}…`;
}
