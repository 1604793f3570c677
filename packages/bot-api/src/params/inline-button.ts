import type { tl } from '@aerogram/tl';

import { readFace } from './button-face.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';

/**
 * Reads an InlineKeyboardButton object. Kinds of buttons that this server does not have become the TL button, which the server then refuses.
 * @throws BotError 400 `can't parse inline keyboard button: …`
 */
export function readInlineButton(value: unknown): tl.KeyboardButton {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse inline keyboard button: ");
  if (!isJsonObject(value)) throw fields.error('InlineKeyboardButton must be an Object');
  const face = readFace(fields);
  const url = fields.text('url');
  if (url !== '') return { _: 'keyboardButtonUrl', ...face, url };
  const data = fields.text('callback_data');
  if (data !== '') return { _: 'keyboardButtonCallback', ...face, data: Buffer.from(data) };
  if (fields.has('callback_game')) return { _: 'keyboardButtonGame', ...face };
  if (fields.bool('pay')) return { _: 'keyboardButtonBuy', ...face };
  if (fields.has('switch_inline_query')) return { _: 'keyboardButtonSwitchInline', ...face, query: fields.text('switch_inline_query') };
  const chosen = fields.fields('switch_inline_query_chosen_chat');
  if (chosen !== undefined) return { _: 'keyboardButtonSwitchInline', ...face, query: chosen.text('query'), peer_types: readChatTypes(chosen) };
  if (fields.has('switch_inline_query_current_chat')) return { _: 'keyboardButtonSwitchInline', ...face, same_peer: true, query: fields.text('switch_inline_query_current_chat') };
  const copied = fields.fields('copy_text');
  if (copied !== undefined) return { _: 'keyboardButtonCopy', ...face, copy_text: copied.neededText('text') };
  return readLogIn(fields, face) ?? readWebApp(fields, face) ?? refuseText(fields);
}

function readLogIn(fields: JsonFields, face: ReturnType<typeof readFace>): tl.KeyboardButton | undefined {
  const login = fields.fields('login_url');
  if (login === undefined) return undefined;
  return {
    _: 'inputKeyboardButtonUrlAuth',
    ...face,
    url: login.neededText('url'),
    fwd_text: login.text('forward_text') || undefined,
    request_write_access: login.bool('request_write_access') || undefined,
    bot: { _: 'inputUserSelf' },
  };
}

function readWebApp(fields: JsonFields, face: ReturnType<typeof readFace>): tl.KeyboardButton | undefined {
  const app = fields.fields('web_app');
  return app && { _: 'keyboardButtonWebView', ...face, url: app.neededText('url') };
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
