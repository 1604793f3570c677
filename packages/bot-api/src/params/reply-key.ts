import type { tl } from '@aerogram/tl';

import { readAdminRights } from './admin-rights.ts';
import { readFace } from './button-face.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';

/**
 * Reads a KeyboardButton: a text or an object. `request_phone_number` and `request_user` are old names. Kinds of keys that this server does not have become the TL key, which
 * the server then refuses.
 * @throws BotError 400 `can't parse keyboard button: …`
 */
export function readReplyKey(value: unknown): tl.KeyboardButton {
  if (typeof value === 'string') return { _: 'keyboardButton', text: value, type: { _: 'buttonTypeDefault' } };
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse keyboard button: ");
  if (!isJsonObject(value)) throw fields.error('KeyboardButton must be a String or an Object');
  return { _: 'keyboardButton', ...readFace(fields), type: readType(fields) };
}

function readType(fields: JsonFields): tl.ButtonType {
  if (fields.bool('request_phone_number') || fields.bool('request_contact')) return { _: 'buttonTypeRequestPhone' };
  if (fields.bool('request_location')) return { _: 'buttonTypeRequestGeoLocation' };
  const poll = fields.fields('request_poll');
  if (poll !== undefined) return { _: 'buttonTypeRequestPoll', quiz: quizOf(poll) };
  const app = fields.fields('web_app');
  if (app !== undefined) return { _: 'buttonTypeSimpleWebView', url: app.neededText('url') };
  return readPeerType(fields) ?? { _: 'buttonTypeDefault' };
}

/** Whether the poll must be a quiz; undefined: as the person likes. */
function quizOf(poll: JsonFields): boolean | undefined {
  const type = poll.text('type');
  return type === '' ? undefined : type === 'quiz';
}

function readPeerType(fields: JsonFields): tl.inputButtonTypeRequestPeer | undefined {
  const user = fields.fields('request_user');
  if (user !== undefined) return { ...usersType(user), max_quantity: 1 };
  const users = fields.fields('request_users');
  if (users !== undefined) return usersType(users);
  const chat = fields.fields('request_chat');
  if (chat !== undefined) return chatType(chat);
  const bot = fields.fields('request_managed_bot');
  if (bot === undefined) return undefined;
  const peer_type: tl.requestPeerTypeCreateBot = {
    _: 'requestPeerTypeCreateBot',
    bot_managed: true,
    suggested_name: bot.text('suggested_name') || undefined,
    suggested_username: bot.text('suggested_username') || undefined,
  };
  return { _: 'inputButtonTypeRequestPeer', button_id: bot.neededInt('request_id'), peer_type, max_quantity: 1 };
}

function usersType(users: JsonFields): tl.inputButtonTypeRequestPeer {
  return {
    _: 'inputButtonTypeRequestPeer',
    name_requested: users.bool('request_name') || undefined,
    username_requested: users.bool('request_username') || undefined,
    photo_requested: users.bool('request_photo') || undefined,
    button_id: users.neededInt('request_id'),
    peer_type: { _: 'requestPeerTypeUser', bot: users.optionalBool('user_is_bot'), premium: users.optionalBool('user_is_premium') },
    max_quantity: users.has('max_quantity') ? users.int('max_quantity') : 1,
  };
}

function chatType(chat: JsonFields): tl.inputButtonTypeRequestPeer {
  const userRights = chat.fields('user_administrator_rights');
  const botRights = chat.fields('bot_administrator_rights');
  const asked = {
    creator: chat.bool('chat_is_created') || undefined,
    has_username: chat.optionalBool('chat_has_username'),
    user_admin_rights: userRights && readAdminRights(userRights),
    bot_admin_rights: botRights && readAdminRights(botRights),
  };
  const group = { bot_participant: chat.bool('bot_is_member') || undefined, forum: chat.optionalBool('chat_is_forum') };
  return {
    _: 'inputButtonTypeRequestPeer',
    name_requested: chat.bool('request_title') || undefined,
    username_requested: chat.bool('request_username') || undefined,
    photo_requested: chat.bool('request_photo') || undefined,
    button_id: chat.neededInt('request_id'),
    peer_type: chat.bool('chat_is_channel') ? { _: 'requestPeerTypeBroadcast', ...asked } : { _: 'requestPeerTypeChat', ...asked, ...group },
    max_quantity: 1,
  };
}
