import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { readChat } from '../params/chat-id.ts';
import { readMarkup } from '../params/markup.ts';
import type { Params } from '../params/params.ts';
import { readReply, REPLY_PARAMS } from '../params/reply.ts';
import { readSendOptions, SEND_PARAMS } from '../params/send-options.ts';
import type { InputText } from '../texts/index.ts';
import { accessThread, sendTo } from './access-thread.ts';
import { projectOne } from './sent-messages.ts';

/** Parameters that all methods have which send one message with its own content. */
export const CONTENT_PARAMS = [...SEND_PARAMS, ...REPLY_PARAMS, 'reply_markup'] as const;

/** Parameters of {@link CONTENT_PARAMS}. */
export type ContentParams = Params<(typeof CONTENT_PARAMS)[number]>;

/** What a message consists of. */
export interface Content extends InputText {
  media?: tl.InputMedia | undefined;
  noWebpage?: boolean;
  /** The caption stands above the media, or the link preview above the text. */
  invertMedia?: boolean;
}

/** Sends one message as the parameters say, and returns its answer. @throws BotError, RpcError */
export async function sendContent(call: BotCall, params: ContentParams, content: Content): Promise<tl.Updates> {
  const reply = await readReply(call, params);
  const reply_markup = readMarkup(params);
  const peer = await readChat(call, params, 'chat_id');
  const threadId = await accessThread(call, params, peer, reply);
  const { message, entities, media, noWebpage, invertMedia } = content;
  const common = { peer, ...readSendOptions(params), message, entities, reply_markup, invert_media: invertMedia, random_id: call.random.int63() };
  return sendTo({ reply, threadId }, (reply_to) =>
    media === undefined
      ? call.invoke({ _: 'messages.sendMessage', ...common, reply_to, no_webpage: noWebpage })
      : call.invoke({ _: 'messages.sendMedia', ...common, reply_to, media }),
  );
}

/** Sends one message as the parameters say, and returns its Message object. @throws BotError, RpcError */
export async function sendMessageOf(call: BotCall, params: ContentParams, content: Content): Promise<object> {
  return projectOne(call, await sendContent(call, params, content));
}
