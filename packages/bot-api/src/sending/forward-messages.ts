import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { type ChatPeer, readChat } from '../params/chat-id.ts';
import { readMarkup } from '../params/markup.ts';
import { checkAscending, readMessageIds } from '../params/message-ids.ts';
import type { Params } from '../params/params.ts';
import { readReply, type ReplyWish } from '../params/reply.ts';
import { DELIVERY_PARAMS, type DeliveryOptions, readDelivery, readSendOptions, type SendOptions } from '../params/send-options.ts';
import { renameErrors } from '../rename-errors.ts';
import { accessThread, sendTo } from './access-thread.ts';
import { COPY_ERRORS, FORWARD_ERRORS } from './error-texts.ts';
import { findMessages, isCopyable } from './find-messages.ts';
import type { ContentParams } from './send-content.ts';
import { messageIdsOf } from './sent-messages.ts';

/** How messages are forwarded. */
export interface Forwarding {
  from: ChatPeer;
  to: ChatPeer;
  /** The thread of `to` in which they are forwarded. */
  threadId: number | undefined;
  ids: readonly number[];
  reply?: ReplyWish | undefined;
  /** As copies, which do not say where they are from. */
  asCopies?: boolean;
  withoutCaptions?: boolean;
  /** Where a video begins to play, in seconds; 0: as in the original. */
  videoStart?: number;
}

/** Forwards or copies messages, and returns the answer. @throws BotError, RpcError */
export async function forwardMessages(call: BotCall, options: DeliveryOptions | SendOptions, forwarding: Forwarding): Promise<tl.Updates> {
  const { from, to, threadId, ids, reply, asCopies = false, withoutCaptions = false, videoStart = 0 } = forwarding;
  const forward = (reply_to: tl.InputReplyTo | undefined): Promise<tl.Updates> =>
    call.invoke({
      _: 'messages.forwardMessages',
      ...options,
      from_peer: from,
      to_peer: to,
      id: [...ids],
      random_id: ids.map(() => call.random.int63()),
      reply_to,
      drop_author: asCopies,
      drop_media_captions: withoutCaptions,
      video_timestamp: videoStart > 0 ? videoStart : undefined,
    });
  return renameErrors(sendTo({ reply, threadId }, forward), textsOf(asCopies));
}

/** Copies messages by forwarding them, as the parameters of a method say that sends a message. @throws BotError 400 `message can't be copied` with a keyboard, which no forward has; RpcError */
export async function forwardCopy(call: BotCall, params: ContentParams, { from, ids }: Pick<Forwarding, 'from' | 'ids'>): Promise<tl.Updates> {
  if (readMarkup(params) !== undefined) throw badRequest(COPY_ERRORS.CHAT_FORWARDS_RESTRICTED);
  const reply = await readReply(call, params);
  const to = await readChat(call, params, 'chat_id');
  return forwardMessages(call, readSendOptions(params), { from, to, ids, threadId: await accessThread(call, params, to, reply), reply, asCopies: true });
}

/** Parameters of methods that forward or copy several messages. */
export const FORWARD_PARAMS = [...DELIVERY_PARAMS, 'from_chat_id', 'message_ids'] as const;

/** Forwards or copies several messages as the parameters say, without those that cannot be, and returns their MessageId objects. @throws BotError, RpcError */
export async function forwardSeveral(call: BotCall, params: Params<(typeof FORWARD_PARAMS)[number]>, how: Pick<Forwarding, 'asCopies' | 'withoutCaptions'>): Promise<object[]> {
  const ids = readMessageIds(params);
  checkAscending(ids);
  const to = await readChat(call, params, 'chat_id');
  const from = await readChat(call, params, 'from_chat_id');
  const threadId = await accessThread(call, params, to);
  const found = await findMessages(call, from, ids);
  const usable = found.messages.filter((message) => isCopyable({ ...found, messages: [message] })).map(({ id }) => id);
  if (usable.length === 0) throw badRequest(textsOf(how.asCopies).MESSAGE_ID_INVALID);
  return messageIdsOf(await forwardMessages(call, readDelivery(params), { ...how, from, to, threadId, ids: usable }));
}

function textsOf(asCopies: boolean | undefined): typeof COPY_ERRORS | typeof FORWARD_ERRORS {
  return asCopies === true ? COPY_ERRORS : FORWARD_ERRORS;
}
