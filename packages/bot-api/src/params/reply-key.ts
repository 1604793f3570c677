import type { tl } from '@aerogram/tl';

import { readAdminRights } from './admin-rights.ts';
import { type ButtonFace, readFace } from './button-face.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';

/**
 * Reads a KeyboardButton: a text or an object. `request_phone_number` and `request_user` are old names. Kinds of keys that this server does not have become the TL key, which
 * the server then refuses.
 * @throws BotError 400 `can't parse keyboard button: …`
 */
export function readReplyKey(value: unknown): tl.KeyboardButton {
  if (typeof value === 'string') return { _: 'keyboardButton', text: value };
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse keyboard button: ");
  if (!isJsonObject(value)) throw fields.error('KeyboardButton must be a String or an Object');
  const face = readFace(fields);
  if (fields.bool('request_phone_number') || fields.bool('request_contact')) return { _: 'keyboardButtonRequestPhone', ...face };
  if (fields.bool('request_location')) return { _: 'keyboardButtonRequestGeoLocation', ...face };
  const poll = fields.fields('request_poll');
  if (poll !== undefined) return { _: 'keyboardButtonRequestPoll', ...face, quiz: quizOf(poll) };
  const app = fields.fields('web_app');
  if (app !== undefined) return { _: 'keyboardButtonSimpleWebView', ...face, url: app.neededText('url') };
  return readPeerKey(fields, face) ?? { _: 'keyboardButton', ...face };
}

/** Whether the poll must be a quiz; undefined: as the person likes. */
function quizOf(poll: JsonFields): boolean | undefined {
  const type = poll.text('type');
  return type === '' ? undefined : type === 'quiz';
}

function readPeerKey(fields: JsonFields, face: ButtonFace): tl.inputKeyboardButtonRequestPeer | undefined {
  const user = fields.fields('request_user');
  if (user !== undefined) return { ...usersKey(user, face), max_quantity: 1 };
  const users = fields.fields('request_users');
  if (users !== undefined) return usersKey(users, face);
  const chat = fields.fields('request_chat');
  if (chat !== undefined) return chatKey(chat, face);
  const bot = fields.fields('request_managed_bot');
  if (bot === undefined) return undefined;
  const peer_type: tl.requestPeerTypeCreateBot = {
    _: 'requestPeerTypeCreateBot',
    bot_managed: true,
    suggested_name: bot.text('suggested_name') || undefined,
    suggested_username: bot.text('suggested_username') || undefined,
  };
  return { _: 'inputKeyboardButtonRequestPeer', ...face, button_id: bot.neededInt('request_id'), peer_type, max_quantity: 1 };
}

function usersKey(users: JsonFields, face: ButtonFace): tl.inputKeyboardButtonRequestPeer {
  return {
    _: 'inputKeyboardButtonRequestPeer',
    ...face,
    name_requested: users.bool('request_name') || undefined,
    username_requested: users.bool('request_username') || undefined,
    photo_requested: users.bool('request_photo') || undefined,
    button_id: users.neededInt('request_id'),
    peer_type: { _: 'requestPeerTypeUser', bot: users.optionalBool('user_is_bot'), premium: users.optionalBool('user_is_premium') },
    max_quantity: users.has('max_quantity') ? users.int('max_quantity') : 1,
  };
}

function chatKey(chat: JsonFields, face: ButtonFace): tl.inputKeyboardButtonRequestPeer {
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
    _: 'inputKeyboardButtonRequestPeer',
    ...face,
    name_requested: chat.bool('request_title') || undefined,
    username_requested: chat.bool('request_username') || undefined,
    photo_requested: chat.bool('request_photo') || undefined,
    button_id: chat.neededInt('request_id'),
    peer_type: chat.bool('chat_is_channel') ? { _: 'requestPeerTypeBroadcast', ...asked } : { _: 'requestPeerTypeChat', ...asked, ...group },
    max_quantity: 1,
  };
}
