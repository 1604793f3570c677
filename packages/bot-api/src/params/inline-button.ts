import type { tl } from '@aerogram/tl';

import { readFace } from './button-face.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';

/**
 * Reads an InlineKeyboardButton object. Kinds of buttons that this server does not have become the TL button, which the server then refuses.
 * @throws BotError 400 `can't parse inline keyboard button: …`
 */
export function readInlineButton(value: unknown): tl.KeyboardInlineButton {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse inline keyboard button: ");
  if (!isJsonObject(value)) throw fields.error('InlineKeyboardButton must be an Object');
  return { _: 'keyboardInlineButton', ...readFace(fields), type: readType(fields) };
}

function readType(fields: JsonFields): tl.InlineButtonType {
  const url = fields.text('url');
  if (url !== '') return { _: 'inlineButtonTypeUrl', url };
  const data = fields.text('callback_data');
  if (data !== '') return { _: 'inlineButtonTypeCallback', data: Buffer.from(data) };
  if (fields.has('callback_game')) return { _: 'inlineButtonTypeGame' };
  if (fields.bool('pay')) return { _: 'inlineButtonTypeBuy' };
  if (fields.has('switch_inline_query')) return { _: 'inlineButtonTypeSwitchInline', query: fields.text('switch_inline_query') };
  const chosen = fields.fields('switch_inline_query_chosen_chat');
  if (chosen !== undefined) return { _: 'inlineButtonTypeSwitchInline', query: chosen.text('query'), peer_types: readChatTypes(chosen) };
  if (fields.has('switch_inline_query_current_chat')) return { _: 'inlineButtonTypeSwitchInline', same_peer: true, query: fields.text('switch_inline_query_current_chat') };
  const copied = fields.fields('copy_text');
  if (copied !== undefined) return { _: 'inlineButtonTypeCopy', copy_text: copied.neededText('text') };
  return readLogIn(fields) ?? readWebApp(fields) ?? refuseText(fields);
}

function readLogIn(fields: JsonFields): tl.inputInlineButtonTypeUrlAuth | undefined {
  const login = fields.fields('login_url');
  if (login === undefined) return undefined;
  return {
    _: 'inputInlineButtonTypeUrlAuth',
    url: login.neededText('url'),
    fwd_text: login.text('forward_text') || undefined,
    request_write_access: login.bool('request_write_access') || undefined,
    bot: { _: 'inputUserSelf' },
  };
}

function readWebApp(fields: JsonFields): tl.inlineButtonTypeWebView | undefined {
  const app = fields.fields('web_app');
  return app && { _: 'inlineButtonTypeWebView', url: app.neededText('url') };
}

function refuseText(fields: JsonFields): never {
  throw fields.error('Text buttons are unallowed in the inline keyboard');
}

/** The kinds of chats that may be chosen. */
function readChatTypes(chosen: JsonFields): tl.InlineQueryPeerType[] {
  const types: tl.InlineQueryPeerType[] = [];
  if (chosen.bool('allow_user_chats')) types.push({ _: 'inlineQueryPeerTypePM' });
  if (chosen.bool('allow_bot_chats')) types.push({ _: 'inlineQueryPeerTypeBotPM' });
  if (chosen.bool('allow_group_chats')) types.push({ _: 'inlineQueryPeerTypeChat' }, { _: 'inlineQueryPeerTypeMegagroup' });
  if (chosen.bool('allow_channel_chats')) types.push({ _: 'inlineQueryPeerTypeBroadcast' });
  if (types.length === 0) throw chosen.error('At least one chat type must be allowed');
  return types;
}
