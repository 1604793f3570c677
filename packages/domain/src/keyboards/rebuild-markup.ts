import { rpcError } from '@aerogram/errors';
import { encode, type tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import { flagOf, isVisibleText } from '../shared/index.ts';
import {
  BUTTON_DATA_MAX, BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, BUTTONS_MAX, MARKUP_BYTES_MAX, PLACEHOLDER_MAX, REQUESTED_MAX,
} from './markup-limits.ts';

/** Where a message with a keyboard goes. Only in a private chat somebody can be asked for their number or place. */
export type MarkupPlace = 'private' | 'group' | 'broadcast';

/**
 * Rebuilds a keyboard that a bot sends, field by field.
 * @returns undefined for buttons below a message without any button
 * @throws RpcError 400 REPLY_MARKUP_INVALID, REPLY_MARKUP_TOO_LONG, BUTTON_TYPE_INVALID (kinds that the server does not have, and those that do not fit the
 * place), BUTTON_TEXT_INVALID, BUTTON_DATA_INVALID, BUTTON_URL_INVALID, BUTTON_COPY_TEXT_INVALID, BUTTON_INVALID (too many peers)
 * @see https://core.telegram.org/api/bots/buttons
 */
export function rebuildMarkup(markup: tl.ReplyMarkup, place: MarkupPlace): tl.ReplyMarkup | undefined {
  if (place === 'broadcast' && markup._ !== 'replyInlineMarkup') throw rpcError('REPLY_MARKUP_INVALID');
  const rebuilt = rebuildKind(markup, place);
  if (rebuilt !== undefined && encode(rebuilt).length > MARKUP_BYTES_MAX) throw rpcError('REPLY_MARKUP_TOO_LONG');
  return rebuilt;
}

function rebuildKind(markup: tl.ReplyMarkup, place: MarkupPlace): tl.ReplyMarkup | undefined {
  switch (markup._) {
    case 'replyKeyboardHide':
      return { _: markup._, selective: flagOf(markup.selective) };
    case 'replyKeyboardForceReply':
      return { _: markup._, single_use: flagOf(markup.single_use), selective: flagOf(markup.selective), placeholder: rebuildPlaceholder(markup.placeholder) };
    case 'replyKeyboardMarkup': {
      const rows = rebuildRows(markup.rows, (button) => rebuildKey(button, place));
      if (rows.length === 0) throw rpcError('REPLY_MARKUP_INVALID');
      const { resize, single_use, selective, persistent } = markup;
      return { _: markup._, resize: flagOf(resize), single_use: flagOf(single_use), selective: flagOf(selective), persistent: flagOf(persistent), rows, placeholder: rebuildPlaceholder(markup.placeholder) };
    }
    case 'replyInlineMarkup': {
      const rows = rebuildRows(markup.rows, rebuildInlineButton);
      return rows.length === 0 ? undefined : { _: markup._, rows };
    }
  }
}

function rebuildPlaceholder(text: string | undefined): string | undefined {
  const line = cleanLine(text ?? '', PLACEHOLDER_MAX);
  return line === '' ? undefined : line;
}

function rebuildRows(rows: readonly tl.KeyboardButtonRow[], rebuild: (button: tl.KeyboardButton) => tl.KeyboardButton): tl.keyboardButtonRow[] {
  const filled = rows.filter(({ buttons }) => buttons.length > 0);
  if (filled.reduce((sum, { buttons }) => sum + buttons.length, 0) > BUTTONS_MAX) throw rpcError('REPLY_MARKUP_TOO_LONG');
  return filled.map(({ buttons }) => ({ _: 'keyboardButtonRow', buttons: buttons.map(rebuild) }));
}

/** The text and colour of a button. An icon would be a custom emoji, and the server has none. */
function faceOf({ text, style }: tl.KeyboardButton): { text: string; style: tl.keyboardButtonStyle | undefined } {
  if (text.length > BUTTON_TEXT_MAX || !isVisibleText(text)) throw rpcError('BUTTON_TEXT_INVALID');
  return { text: cleanLine(text), style: style && rebuildStyle(style) };
}

function rebuildStyle({ bg_primary, bg_danger, bg_success }: tl.KeyboardButtonStyle): tl.keyboardButtonStyle | undefined {
  if (bg_primary === true) return { _: 'keyboardButtonStyle', bg_primary };
  if (bg_danger === true) return { _: 'keyboardButtonStyle', bg_danger };
  return bg_success === true ? { _: 'keyboardButtonStyle', bg_success } : undefined;
}

/** A key in place of those of the phone: what it says is sent, or something that only a person can give. */
function rebuildKey(button: tl.KeyboardButton, place: MarkupPlace): tl.KeyboardButton {
  const face = faceOf(button);
  switch (button._) {
    case 'keyboardButton':
      return { _: button._, ...face };
    case 'keyboardButtonRequestPhone':
    case 'keyboardButtonRequestGeoLocation':
      if (place !== 'private') throw rpcError('BUTTON_TYPE_INVALID');
      return { _: button._, ...face };
    case 'keyboardButtonRequestPoll':
      if (place !== 'private') throw rpcError('BUTTON_TYPE_INVALID');
      return { _: button._, ...face, quiz: button.quiz };
    case 'keyboardButtonRequestPeer':
    case 'inputKeyboardButtonRequestPeer': {
      if (place !== 'private' || button.peer_type._ === 'requestPeerTypeCreateBot') throw rpcError('BUTTON_TYPE_INVALID');
      const { button_id, max_quantity } = button;
      if (max_quantity < 1 || max_quantity > REQUESTED_MAX || (max_quantity > 1 && button.peer_type._ !== 'requestPeerTypeUser')) throw rpcError('BUTTON_INVALID');
      const asked = button._ === 'inputKeyboardButtonRequestPeer' ? button : undefined;
      return {
        _: 'inputKeyboardButtonRequestPeer',
        ...face,
        name_requested: flagOf(asked?.name_requested),
        username_requested: flagOf(asked?.username_requested),
        photo_requested: flagOf(asked?.photo_requested),
        button_id,
        peer_type: rebuildPeerType(button.peer_type),
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

/** A button below a message. */
function rebuildInlineButton(button: tl.KeyboardButton): tl.KeyboardButton {
  const face = faceOf(button);
  switch (button._) {
    case 'keyboardButtonCallback':
      if (button.data.length === 0 || button.data.length > BUTTON_DATA_MAX) throw rpcError('BUTTON_DATA_INVALID');
      return { _: button._, ...face, requires_password: flagOf(button.requires_password), data: button.data };
    case 'keyboardButtonUrl':
      return { _: button._, ...face, url: rebuildUrl(button.url) };
    case 'keyboardButtonCopy':
      if (!isVisibleText(button.copy_text) || button.copy_text.length > BUTTON_PAYLOAD_MAX) throw rpcError('BUTTON_COPY_TEXT_INVALID');
      return { _: button._, ...face, copy_text: button.copy_text };
    case 'keyboardButtonSwitchInline': {
      if (button.query.length > BUTTON_PAYLOAD_MAX) throw rpcError('BUTTON_DATA_INVALID');
      const kinds = button.same_peer === true ? [] : [...new Set(button.peer_types?.map(({ _ }) => _))];
      return { _: button._, ...face, same_peer: flagOf(button.same_peer), query: button.query, peer_types: kinds.length === 0 ? undefined : kinds.map((_) => ({ _ })) };
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
