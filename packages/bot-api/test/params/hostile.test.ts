import { expect, test } from 'vitest';

import type { BotCall } from '../../src/bot-call.ts';
import { BotError } from '../../src/bot-error.ts';
import { readLinkPreview } from '../../src/params/link-preview.ts';
import { readMarkup } from '../../src/params/markup.ts';
import { readMessageIds } from '../../src/params/message-ids.ts';
import { Params } from '../../src/params/params.ts';
import { readJson } from '../../src/read-json.ts';
import { readReply } from '../../src/params/reply.ts';
import { readInputMediaList } from '../../src/sending/input-media-object.ts';

const STRANGE: unknown[] = [null, true, -1, Infinity, 0.5, '', 'x', '\ud800', [], [[]], [[[]]], [null], [[null]], {}, { length: 1 }, { __proto__: null }, JSON.parse('{"__proto__":{"text":"a"}}'), { toString: 1 }];
const FIELDS = [
  'text', 'url', 'style', 'callback_data', 'copy_text', 'login_url', 'web_app', 'pay', 'switch_inline_query', 'switch_inline_query_chosen_chat', 'icon_custom_emoji_id', 'request_users', 'request_chat', 'request_poll',
];

/** Every value in the place of a parameter, of a row, of a button and of each of its fields. */
function* keyboards(): Generator<unknown> {
  for (const value of STRANGE) {
    yield value;
    for (const name of ['keyboard', 'inline_keyboard']) {
      yield { [name]: value };
      yield { [name]: [value] };
      yield { [name]: [[value]] };
      for (const field of FIELDS) yield { [name]: [[{ text: 'a', [field]: value }]] };
      for (const inner of ['request_id', 'max_quantity', 'user_is_bot', 'user_administrator_rights']) yield { [name]: [[{ text: 'a', request_users: { request_id: 1, [inner]: value }, request_chat: { request_id: 1, [inner]: value } }]] };
    }
    for (const name of ['resize_keyboard', 'input_field_placeholder', 'remove_keyboard', 'force_reply', 'selective']) yield { keyboard: [['a']], [name]: value };
  }
}

/** Runs what reads a parameter: it must succeed, or fail with an error for the client. */
async function read(reader: () => unknown): Promise<void> {
  try {
    await reader();
  } catch (error) {
    expect(error).toBeInstanceOf(BotError);
    expect(error).toMatchObject({ code: 400, message: expect.stringMatching(/^Bad Request: ./) as string });
  }
}

const one = (name: string, value: unknown): Params => new Params(new Map([[name, value]]));

test('strange keyboards are read or refused', async () => {
  for (const markup of keyboards()) {
    await read(() => readMarkup(one('reply_markup', markup)));
    await read(() => readMarkup(one('reply_markup', JSON.stringify(markup))));
  }
});

test('strange objects are read or refused', async () => {
  const call = {} as BotCall;
  for (const value of STRANGE) {
    await read(() => readMessageIds(one('message_ids', value)));
    await read(() => readMessageIds(one('message_ids', [value])));
    await read(() => readLinkPreview(one('link_preview_options', value)));
    for (const field of ['url', 'is_disabled']) await read(() => readLinkPreview(one('link_preview_options', { [field]: value })));
    await read(() => readReply(call, one('reply_parameters', value)));
    for (const field of ['quote', 'quote_entities', 'quote_position', 'allow_sending_without_reply']) await read(() => readReply(call, one('reply_parameters', { message_id: 1, quote: 'a', [field]: value })));
    await read(() => readInputMediaList(one('media', value)));
    await read(() => readInputMediaList(one('media', [value])));
    for (const field of ['type', 'media', 'caption', 'caption_entities', 'thumbnail', 'duration']) await read(() => readInputMediaList(one('media', [{ type: 'video', media: 'a', [field]: value }])));
  }
});

test('JSON is judged before it is parsed: by its depth and by its number of values', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(readJson(nested(64))).toHaveLength(1);
  for (const text of [nested(65), nested(2_000_000), '['.repeat(2_000_000), `{"a":${'{"a":'.repeat(70)}`]) expect(() => readJson(text)).toThrow('Bad Request: the value is nested too deeply');
  for (const value of ['1', '[]', '{}']) expect(() => readJson(`[${`${value},`.repeat(1_000_000)}1]`)).toThrow('Bad Request: the value is too large');
  expect(readJson(`[${'1,'.repeat(20_000)}1]`)).toHaveLength(20_001);
  for (const value of ['[,{'.repeat(200_000), 'a"[,\\'.repeat(60_000), '\\\\', '"']) expect(readJson(JSON.stringify({ value }))).toEqual({ value });
  for (const text of ['"', '"\\', '{"a', '', ']]]', ',']) expect(() => readJson(text)).toThrow(SyntaxError);
});
