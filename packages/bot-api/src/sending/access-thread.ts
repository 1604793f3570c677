import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { type BotError, badRequest } from '../bot-error.ts';
import { GENERAL_TOPIC_ID } from '../chats/forum.ts';
import { threadOf } from '../objects/index.ts';
import type { ChatPeer } from '../params/chat-id.ts';
import { findMessageId } from '../params/message-ids.ts';
import type { Params } from '../params/params.ts';
import type { ReplyWish } from '../params/reply.ts';
import { isRpcError } from '../rename-errors.ts';
import { findMessages } from './find-messages.ts';

/** Where a message is to be written, besides its chat. */
export interface SendPlace {
  reply: ReplyWish | undefined;
  /** The first message of the thread; undefined: the thread follows from the reply, or there is none. */
  threadId: number | undefined;
}

/**
 * Reads the thread of a supergroup in which messages are to be sent: a topic, or the first message of a thread of replies. General cannot be named: a message is sent there by naming no topic.
 * @param reply shows a thread whose first message the bot does not see
 * @throws BotError 400 `message thread not found`
 */
export async function accessThread(call: BotCall, params: Params<'message_thread_id'>, peer: ChatPeer, reply?: ReplyWish): Promise<number | undefined> {
  if (params.int('message_thread_id') === 0) return undefined;
  const id = findMessageId(params, 'message_thread_id');
  if (peer._ !== 'inputPeerChannel' || id === 0 || id === GENERAL_TOPIC_ID) throw threadNotFound();
  const repliedId = reply?.to.reply_to_peer_id === undefined ? reply?.to.reply_to_msg_id : undefined;
  const { messages, chats } = await findMessages(call, peer, repliedId === undefined ? [id] : [id, repliedId]);
  const chat = chats.find((one) => one._ === 'channel' && one.id === peer.channel_id);
  const isThere = messages.some((message) => {
    const thread = threadOf(message)?.id;
    if (message.id !== id) return thread === id;
    // In a forum, only the message that created a topic begins a thread.
    return thread === id || (thread === undefined && !(chat?._ === 'channel' && chat.forum === true));
  });
  if (!isThere || (chat?._ === 'channel' && chat.broadcast === true)) throw threadNotFound();
  return id;
}

/** What a request for the place names as its reply. Pure. */
export function replyIn({ reply, threadId }: SendPlace): tl.inputReplyToMessage | undefined {
  if (threadId === undefined) return reply?.to;
  return { _: 'inputReplyToMessage', reply_to_msg_id: threadId, ...reply?.to, top_msg_id: threadId };
}

/**
 * Sends something to a place; without its reply, if the message that is replied to does not exist and that is all right.
 * @throws BotError 400 `message thread not found`, and what `send` throws
 */
export async function sendTo<T>(place: SendPlace, send: (replyTo: tl.InputReplyTo | undefined) => Promise<T>): Promise<T> {
  const { reply, threadId } = place;
  try {
    return await send(replyIn(place));
  } catch (error) {
    if (threadId !== undefined && isRpcError(error, 'TOPIC_DELETED', 'TOPIC_ID_INVALID')) throw threadNotFound();
    if (!isRpcError(error, 'REPLY_MESSAGE_ID_INVALID')) throw error;
    if (reply?.isOptional === true) return sendTo({ reply: undefined, threadId }, send);
    throw reply === undefined ? threadNotFound() : error;
  }
}

function threadNotFound(): BotError {
  return badRequest('message thread not found');
}
