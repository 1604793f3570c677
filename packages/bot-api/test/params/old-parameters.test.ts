import { expect, test } from 'vitest';

import type { BotCall } from '../../src/bot-call.ts';
import { readLinkPreview } from '../../src/params/link-preview.ts';
import { readMarkup } from '../../src/params/markup.ts';
import { Params } from '../../src/params/params.ts';
import { readReply } from '../../src/params/reply.ts';
import { FILE_PARAMS } from '../../src/sending/read-media.ts';

const params = (given: object): Params => new Params(new Map(Object.entries(given)));
const call = {} as BotCall;
const row = (button: object): object => ({ keyboard: [[{ text: 'K', ...button }]] });

/** Old parameters and fields of methods that send, and what they are called now. */
const RENAMED: [old: string, read: () => unknown, sameAs: () => unknown][] = [
  [
    'reply_to_message_id',
    () => readReply(call, params({ reply_to_message_id: '7' })),
    () => readReply(call, params({ reply_parameters: { message_id: 7 } })),
  ],
  [
    'allow_sending_without_reply',
    () => readReply(call, params({ reply_to_message_id: 7, allow_sending_without_reply: 'true' })),
    () => readReply(call, params({ reply_parameters: '{"message_id":7,"allow_sending_without_reply":true}' })),
  ],
  [
    'disable_web_page_preview',
    () => readLinkPreview(params({ disable_web_page_preview: true })),
    () => readLinkPreview(params({ link_preview_options: { is_disabled: true } })),
  ],
  ['hide_keyboard', () => readMarkup(params({ reply_markup: { hide_keyboard: true } })), () => readMarkup(params({ reply_markup: { remove_keyboard: true } }))],
  [
    'request_user',
    () => readMarkup(params({ reply_markup: row({ request_user: { request_id: 3, user_is_bot: true } }) })),
    () => readMarkup(params({ reply_markup: row({ request_users: { request_id: 3, user_is_bot: true } }) })),
  ],
  [
    'can_manage_voice_chats',
    () => readMarkup(params({ reply_markup: row({ request_chat: { request_id: 3, user_administrator_rights: { can_manage_voice_chats: true } } }) })),
    () => readMarkup(params({ reply_markup: row({ request_chat: { request_id: 3, user_administrator_rights: { can_manage_video_chats: true } } }) })),
  ],
];

test.each(RENAMED)('%s still works', async (_old, read, sameAs) => {
  const value = await read();
  expect(value).toBeDefined();
  expect(value).toEqual(await sameAs());
});

test('thumb still works wherever thumbnail does', () => {
  for (const names of Object.values<readonly string[]>(FILE_PARAMS)) expect(names.includes('thumb')).toBe(names.includes('thumbnail'));
});
