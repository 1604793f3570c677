import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { readInlineMarkup, readMarkup } from '../../src/params/markup.ts';
import { Params } from '../../src/params/params.ts';

/** What a keyboard is read as: the same from JSON and from text. */
function read(markup: unknown): tl.ReplyMarkup | undefined {
  const fromJson = readMarkup(new Params(new Map([['reply_markup', markup]])));
  expect(readMarkup(new Params(new Map([['reply_markup', JSON.stringify(markup)]])))).toEqual(fromJson);
  return fromJson;
}

/** The only button of a keyboard with one. */
function button(markup: unknown): tl.KeyboardButton | tl.KeyboardInlineButton {
  const read_ = read(markup) as tl.replyInlineMarkup | tl.replyKeyboardMarkup;
  expect(read_.rows.map(({ buttons }) => buttons.length)).toEqual([1]);
  return read_.rows[0]!.buttons[0]!;
}

/** What the button of such a keyboard does. */
const inline = (fields: object): object => button({ inline_keyboard: [[{ text: 'B', ...fields }]] }).type;
const key = (fields: object): object => button({ keyboard: [[{ text: 'K', ...fields }]] }).type;

/** The text of the error with which a keyboard is refused. */
function refusal(markup: unknown): string {
  try {
    readMarkup(new Params(new Map([['reply_markup', markup]])));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the keyboard was not refused');
}

describe('a keyboard', () => {
  test('is none if there is nothing in it', () => {
    for (const none of ['', undefined, null, {}, { inline_keyboard: [] }, { keyboard: [] }, { remove_keyboard: false }, { force_reply: false }]) {
      expect(readMarkup(new Params(new Map([['reply_markup', none]])))).toBeUndefined();
    }
  });

  test('keeps its rows', () => {
    const markup = read({ inline_keyboard: [[{ text: '1', callback_data: 'a' }, { text: '2', callback_data: 'b' }], [{ text: '3', callback_data: 'c' }]] });
    expect((markup as tl.replyInlineMarkup).rows.map(({ buttons }) => buttons.map(({ text }) => text))).toEqual([['1', '2'], ['3']]);
  });

  test('of keys says how it looks', () => {
    const looks = { resize_keyboard: true, one_time_keyboard: true, selective: true, is_persistent: true, force_reply: true, input_field_placeholder: 'hint' };
    expect(read({ keyboard: [['a']], ...looks })).toEqual({
      _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'a', type: { _: 'buttonTypeDefault' } }] }], resize: true, single_use: true, selective: true, persistent: true, force_reply: true, placeholder: 'hint',
    });
  });

  test('is taken away, or asks for a reply', () => {
    expect(read({ remove_keyboard: true, selective: true })).toEqual({ _: 'replyKeyboardHide', selective: true });
    expect(read({ force_reply: true, input_field_placeholder: 'Why?' })).toMatchObject({ _: 'replyKeyboardForceReply', placeholder: 'Why?' });
  });

  test('of an edit has buttons below the message', () => {
    expect(readInlineMarkup(new Params(new Map([['reply_markup', { inline_keyboard: [[{ text: 'a', url: 'b' }]] }]])))).toMatchObject({ _: 'replyInlineMarkup' });
    expect(() => readInlineMarkup(new Params(new Map([['reply_markup', { remove_keyboard: true }]])))).toThrow('Bad Request: inline keyboard expected');
  });
});

describe('a button below a message', () => {
  test('does one thing', () => {
    expect(inline({ callback_data: 'ä' })).toEqual({ _: 'inlineButtonTypeCallback', data: Buffer.from('ä') });
    expect(inline({ url: 'https://example.org' })).toEqual({ _: 'inlineButtonTypeUrl', url: 'https://example.org' });
    expect(inline({ copy_text: { text: 'copied' } })).toEqual({ _: 'inlineButtonTypeCopy', copy_text: 'copied' });
    expect(inline({ switch_inline_query: '' })).toEqual({ _: 'inlineButtonTypeSwitchInline', query: '' });
    expect(inline({ switch_inline_query_current_chat: 'q' })).toEqual({ _: 'inlineButtonTypeSwitchInline', same_peer: true, query: 'q' });
    expect(inline({ switch_inline_query_chosen_chat: { query: 'q', allow_group_chats: true } })).toMatchObject({ query: 'q', peer_types: [{ _: 'inlineQueryPeerTypeChat' }, { _: 'inlineQueryPeerTypeMegagroup' }] });
  });

  test('of a kind that the server may not have is left for it to refuse', () => {
    expect(inline({ login_url: { url: 'https://a.example' } })).toMatchObject({ _: 'inputInlineButtonTypeUrlAuth' });
    expect(inline({ web_app: { url: 'https://a.example' } })).toMatchObject({ _: 'inlineButtonTypeWebView' });
    expect(inline({ pay: true })).toMatchObject({ _: 'inlineButtonTypeBuy' });
    expect(inline({ callback_game: {} })).toMatchObject({ _: 'inlineButtonTypeGame' });
  });

  test('has a colour', () => {
    expect(button({ inline_keyboard: [[{ text: 'B', url: 'a', style: 'danger', icon_custom_emoji_id: '5269590556232664327' }]] })).toMatchObject({ _: 'keyboardInlineButton', text: 'B', style: { _: 'keyboardButtonStyle', bg_danger: true, icon: 5_269_590_556_232_664_327n } });
  });
});

describe('a key', () => {
  test('says something, or asks for what only a person can give', () => {
    expect(button({ keyboard: [['word']] })).toEqual({ _: 'keyboardButton', text: 'word', type: { _: 'buttonTypeDefault' } });
    expect(key({})).toEqual({ _: 'buttonTypeDefault' });
    expect(key({ request_contact: true })).toMatchObject({ _: 'buttonTypeRequestPhone' });
    expect(key({ request_location: true })).toMatchObject({ _: 'buttonTypeRequestGeoLocation' });
    expect(key({ request_poll: { type: 'quiz' } })).toMatchObject({ _: 'buttonTypeRequestPoll', quiz: true });
    expect(key({ request_poll: {} })).toEqual({ _: 'buttonTypeRequestPoll', quiz: undefined });
  });

  test('asks for people', () => {
    expect(key({ request_users: { request_id: 7, user_is_bot: false, max_quantity: 3, request_name: true } })).toEqual({
      _: 'inputButtonTypeRequestPeer', button_id: 7, max_quantity: 3, name_requested: true, peer_type: { _: 'requestPeerTypeUser', bot: false },
    });
  });

  test('asks for a group or a channel', () => {
    const rights = { is_anonymous: false, can_pin_messages: true, can_manage_voice_chats: true };
    expect(key({ request_chat: { request_id: 1, chat_is_channel: false, bot_is_member: true, chat_has_username: false, bot_administrator_rights: rights } })).toMatchObject({
      button_id: 1, max_quantity: 1, peer_type: { _: 'requestPeerTypeChat', bot_participant: true, has_username: false, bot_admin_rights: { _: 'chatAdminRights', pin_messages: true, manage_call: true } },
    });
    expect(key({ request_chat: { request_id: 2, chat_is_channel: true, chat_is_created: true } })).toMatchObject({ peer_type: { _: 'requestPeerTypeBroadcast', creator: true } });
  });
});

describe('a keyboard that is wrong', () => {
  test.each([
    ['{', "can't parse reply keyboard markup JSON object"],
    ['[]', 'object expected as reply markup'],
    [5, 'object expected as reply markup'],
    [{ keyboard: {} }, 'field "keyboard" must be of type Array'],
    [{ keyboard: ['a'] }, 'field "keyboard" must be an Array of Arrays'],
    [{ inline_keyboard: 'a' }, 'field "inline_keyboard" must be of type Array'],
    [{ keyboard: [['a']], resize_keyboard: 'yes' }, 'field "resize_keyboard" must be of type Boolean'],
    [{ keyboard: [[5]] }, "can't parse keyboard button: KeyboardButton must be a String or an Object"],
    [{ keyboard: [[{}]] }, 'can\'t parse keyboard button: Can\'t find field "text"'],
    [{ keyboard: [[{ text: 'a', request_contact: 1 }]] }, 'can\'t parse keyboard button: Field "request_contact" must be of type Boolean'],
    [{ keyboard: [[{ text: 'a', request_users: {} }]] }, 'can\'t parse keyboard button: Can\'t find field "request_id"'],
    [{ inline_keyboard: [['a']] }, "can't parse inline keyboard button: InlineKeyboardButton must be an Object"],
    [{ inline_keyboard: [[{ text: 'a' }]] }, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"],
    [{ inline_keyboard: [[{ text: 'a', url: 'b', style: 'pink' }]] }, "can't parse inline keyboard button: invalid button style specified"],
    [{ inline_keyboard: [[{ text: 'a', switch_inline_query_chosen_chat: {} }]] }, "can't parse inline keyboard button: At least one chat type must be allowed"],
  ])('%j', (markup, text) => expect(refusal(markup)).toBe(`Bad Request: ${text}`));
});
