import { rpcError } from '@aerogram/errors';
import { encode, type tl } from '@aerogram/tl';

import { isBundledEmoji } from '../documents/index.ts';
import { cleanLine } from '../peers/index.ts';
import { flagOf, isVisibleText } from '../shared/index.ts';
import {
  BUTTON_DATA_MAX, BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, BUTTONS_MAX, MARKUP_BYTES_MAX, PLACEHOLDER_MAX, REQUESTED_MAX,
} from './markup-limits.ts';

/** Where a message with a keyboard goes. Only in a private chat somebody can be asked for their number or place. */
export type MarkupPlace = 'private' | 'group' | 'broadcast';

/** Whether a custom emoji may be the icon of a button. @throws RpcError 400 DOCUMENT_INVALID to refuse the keyboard because of it */
type IconRule = (emojiId: bigint) => boolean;

/** Bots show the custom emoji that this server has. */
function iconsOf(known: ReadonlySet<bigint>): IconRule {
  return (emojiId) => {
    if (!known.has(emojiId)) throw rpcError('DOCUMENT_INVALID');
    return true;
  };
}

/** The ids of the custom emoji that buttons show. Pure. */
export function emojiInMarkup(markup: tl.ReplyMarkup): bigint[] {
  if (!('rows' in markup)) return [];
  return markup.rows.flatMap(({ buttons }) => buttons.flatMap(({ style }) => style?.icon ?? []));
}

/**
 * Rebuilds a keyboard that a bot sends, field by field.
 * @param known the custom emoji that the server has, of those that are named ({@link emojiInMarkup})
 * @returns undefined for buttons below a message without any button
 * @throws RpcError 400 REPLY_MARKUP_INVALID, REPLY_MARKUP_TOO_LONG, BUTTON_TYPE_INVALID (kinds that the server does not have, and those that do not fit the
 * place), DOCUMENT_INVALID (an icon that is no custom emoji), BUTTON_TEXT_INVALID, BUTTON_DATA_INVALID, BUTTON_URL_INVALID, BUTTON_COPY_TEXT_INVALID, BUTTON_INVALID (too many peers)
 * @see https://core.telegram.org/api/bots/buttons
 */
export function rebuildMarkup(markup: tl.ReplyMarkup, place: MarkupPlace, known: ReadonlySet<bigint>): tl.ReplyMarkup | undefined {
  return rebuildBounded(markup, place, iconsOf(known));
}

/** The same for the keyboard of a message that another data centre has sent. Icons that not every server has are left out. Throws as {@link rebuildMarkup}. */
export function rebuildArrivedMarkup(markup: tl.ReplyMarkup): tl.ReplyMarkup | undefined {
  return rebuildBounded(markup, 'private', isBundledEmoji);
}

function rebuildBounded(markup: tl.ReplyMarkup, place: MarkupPlace, mayShow: IconRule): tl.ReplyMarkup | undefined {
  if (place === 'broadcast' && markup._ !== 'replyInlineMarkup') throw rpcError('REPLY_MARKUP_INVALID');
  const rebuilt = rebuildKind(markup, place, mayShow);
  if (rebuilt !== undefined && encode(rebuilt).length > MARKUP_BYTES_MAX) throw rpcError('REPLY_MARKUP_TOO_LONG');
  return rebuilt;
}

function rebuildKind(markup: tl.ReplyMarkup, place: MarkupPlace, mayShow: IconRule): tl.ReplyMarkup | undefined {
  switch (markup._) {
    case 'replyKeyboardHide':
      return { _: markup._, selective: flagOf(markup.selective) };
    case 'replyKeyboardForceReply':
      return { _: markup._, single_use: flagOf(markup.single_use), selective: flagOf(markup.selective), placeholder: rebuildPlaceholder(markup.placeholder) };
    case 'replyKeyboardMarkup': {
      const rows = filledRows(markup.rows).map(({ buttons }): tl.keyboardButtonRow => ({
        _: 'keyboardButtonRow',
        buttons: buttons.map((button) => ({ _: 'keyboardButton', ...faceOf(button, mayShow), type: rebuildKeyType(button.type, place) })),
      }));
      if (rows.length === 0) throw rpcError('REPLY_MARKUP_INVALID');
      const { resize, single_use, selective, persistent, force_reply } = markup;
      return {
        _: markup._,
        resize: flagOf(resize),
        single_use: flagOf(single_use),
        selective: flagOf(selective),
        persistent: flagOf(persistent),
        force_reply: flagOf(force_reply),
        rows,
        placeholder: rebuildPlaceholder(markup.placeholder),
      };
    }
    case 'replyInlineMarkup': {
      const rows = filledRows(markup.rows).map(({ buttons }): tl.keyboardInlineButtonRow => ({
        _: 'keyboardInlineButtonRow',
        buttons: buttons.map((button) => ({ _: 'keyboardInlineButton', ...faceOf(button, mayShow), type: rebuildInlineType(button.type) })),
      }));
      return rows.length === 0 ? undefined : { _: markup._, rows };
    }
  }
}

function rebuildPlaceholder(text: string | undefined): string | undefined {
  const line = cleanLine(text ?? '', PLACEHOLDER_MAX);
  return line === '' ? undefined : line;
}

/** The rows that have buttons. */
function filledRows<Row extends tl.KeyboardButtonRow | tl.KeyboardInlineButtonRow>(rows: readonly Row[]): Row[] {
  const filled = rows.filter(({ buttons }) => buttons.length > 0);
  if (filled.reduce((sum, { buttons }) => sum + buttons.length, 0) > BUTTONS_MAX) throw rpcError('REPLY_MARKUP_TOO_LONG');
  return filled;
}

/** The text, colour and icon of a button. */
function faceOf({ text, style }: tl.KeyboardButton | tl.KeyboardInlineButton, mayShow: IconRule): { text: string; style: tl.keyboardButtonStyle | undefined } {
  if (text.length > BUTTON_TEXT_MAX || !isVisibleText(text)) throw rpcError('BUTTON_TEXT_INVALID');
  return { text: cleanLine(text), style: style && rebuildStyle(style, mayShow) };
}

/** A button has one colour. */
function rebuildStyle({ bg_primary, bg_danger, bg_success, icon: wanted }: tl.KeyboardButtonStyle, mayShow: IconRule): tl.keyboardButtonStyle | undefined {
  const icon = wanted !== undefined && mayShow(wanted) ? wanted : undefined;
  if (bg_primary === true) return { _: 'keyboardButtonStyle', bg_primary, icon };
  if (bg_danger === true) return { _: 'keyboardButtonStyle', bg_danger, icon };
  if (bg_success === true) return { _: 'keyboardButtonStyle', bg_success, icon };
  return icon === undefined ? undefined : { _: 'keyboardButtonStyle', icon };
}

/** What a key in place of those of the phone does: what it says is sent, or something that only a person can give. */
function rebuildKeyType(type: tl.ButtonType, place: MarkupPlace): tl.ButtonType {
  switch (type._) {
    case 'buttonTypeDefault':
      return { _: type._ };
    case 'buttonTypeRequestPhone':
    case 'buttonTypeRequestGeoLocation':
      if (place !== 'private') throw rpcError('BUTTON_TYPE_INVALID');
      return { _: type._ };
    case 'buttonTypeRequestPoll':
      if (place !== 'private') throw rpcError('BUTTON_TYPE_INVALID');
      return { _: type._, quiz: type.quiz };
    case 'buttonTypeRequestPeer':
    case 'inputButtonTypeRequestPeer': {
      if (place !== 'private' || type.peer_type._ === 'requestPeerTypeCreateBot') throw rpcError('BUTTON_TYPE_INVALID');
      const { button_id, max_quantity } = type;
      if (max_quantity < 1 || max_quantity > REQUESTED_MAX || (max_quantity > 1 && type.peer_type._ !== 'requestPeerTypeUser')) throw rpcError('BUTTON_INVALID');
      const asked = type._ === 'inputButtonTypeRequestPeer' ? type : undefined;
      return {
        _: 'inputButtonTypeRequestPeer',
        name_requested: flagOf(asked?.name_requested),
        username_requested: flagOf(asked?.username_requested),
        photo_requested: flagOf(asked?.photo_requested),
        button_id,
        peer_type: rebuildPeerType(type.peer_type),
        max_quantity,
      };
    }
    default:
      throw rpcError('BUTTON_TYPE_INVALID');
  }
}

function rebuildPeerType(type: Exclude<tl.RequestPeerType, tl.requestPeerTypeCreateBot>): tl.RequestPeerType {
  switch (type._) {
    case 'requestPeerTypeUser':
      return { _: type._, bot: type.bot, premium: type.premium };
    case 'requestPeerTypeChat':
      return {
        _: type._,
        creator: flagOf(type.creator),
        bot_participant: flagOf(type.bot_participant),
        has_username: type.has_username,
        forum: type.forum,
        user_admin_rights: type.user_admin_rights && rebuildRights(type.user_admin_rights),
        bot_admin_rights: type.bot_admin_rights && rebuildRights(type.bot_admin_rights),
      };
    case 'requestPeerTypeBroadcast':
      return {
        _: type._,
        creator: flagOf(type.creator),
        has_username: type.has_username,
        user_admin_rights: type.user_admin_rights && rebuildRights(type.user_admin_rights),
        bot_admin_rights: type.bot_admin_rights && rebuildRights(type.bot_admin_rights),
      };
  }
}

/** Rights are flags only, so those that are set are all there is. */
function rebuildRights(rights: tl.ChatAdminRights): tl.chatAdminRights {
  const set = Object.entries(rights).filter(([, value]) => value === true);
  return { ...Object.fromEntries(set), _: 'chatAdminRights' };
}

/** What a button below a message does. */
function rebuildInlineType(type: tl.InlineButtonType): tl.InlineButtonType {
  switch (type._) {
    case 'inlineButtonTypeCallback':
      if (type.data.length === 0 || type.data.length > BUTTON_DATA_MAX) throw rpcError('BUTTON_DATA_INVALID');
      return { _: type._, requires_password: flagOf(type.requires_password), data: type.data };
    case 'inlineButtonTypeUrl':
      return { _: type._, url: rebuildUrl(type.url) };
    case 'inlineButtonTypeCopy':
      if (!isVisibleText(type.copy_text) || type.copy_text.length > BUTTON_PAYLOAD_MAX) throw rpcError('BUTTON_COPY_TEXT_INVALID');
      return { _: type._, copy_text: type.copy_text };
    case 'inlineButtonTypeSwitchInline': {
      if (type.query.length > BUTTON_PAYLOAD_MAX) throw rpcError('BUTTON_DATA_INVALID');
      const kinds = type.same_peer === true ? [] : [...new Set(type.peer_types?.map(({ _ }) => _))];
      return { _: type._, same_peer: flagOf(type.same_peer), query: type.query, peer_types: kinds.length === 0 ? undefined : kinds.map((_) => ({ _ })) };
    }
    default:
      throw rpcError('BUTTON_TYPE_INVALID');
  }
}

/** Schemes that a button opens. The first two lead to pages, the others into a client. */
const SCHEMES = new Set(['http:', 'https:', 'tg:', 'ton:']);

function rebuildUrl(raw: string): string {
  if (raw === '' || /[\s\p{Cc}]/u.test(raw)) throw rpcError('BUTTON_URL_INVALID');
  const written = /^[a-z][a-z0-9+.-]*:/i.test(raw) && !/^[^/?#]*:\d/.test(raw) ? raw : `http://${raw}`;
  if (written.length > BUTTON_URL_MAX || !URL.canParse(written)) throw rpcError('BUTTON_URL_INVALID');
  const { protocol, username, password, hostname } = new URL(written);
  const isPage = protocol === 'http:' || protocol === 'https:';
  if (!SCHEMES.has(protocol) || username !== '' || password !== '' || (isPage && !hostname.includes('.') && hostname !== 'localhost')) throw rpcError('BUTTON_URL_INVALID');
  return written;
}
