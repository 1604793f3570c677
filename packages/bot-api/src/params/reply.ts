import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { QUOTE_NAMES, readText } from '../texts/index.ts';
import { findChat } from './chat-id.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import { findMessageId } from './message-ids.ts';
import type { Params } from './params.ts';

/** Parameters that say what a message replies to. The last two are old. */
export const REPLY_PARAMS = ['reply_parameters', 'reply_to_message_id', 'allow_sending_without_reply'] as const;

/** What a message is to reply to. */
export interface ReplyWish {
  to: tl.inputReplyToMessage;
  /** The message is sent without a reply if that message does not exist. */
  isOptional: boolean;
}

type ReplyParams = Params<(typeof REPLY_PARAMS)[number]>;

/**
 * Reads what a message replies to; undefined if it is no reply. Whether the message exists is checked by the send.
 * @throws BotError 400; as `findChat` for a message of another chat, and as `readText` for a quote
 */
export async function readReply(call: BotCall, params: ReplyParams): Promise<ReplyWish | undefined> {
  const value = params.json('reply_parameters', 'reply parameters');
  if (value === undefined || value === null) return readOldReply(params);
  if (!isJsonObject(value)) throw badRequest('object expected as reply parameters');
  const fields = new JsonFields(value);
  const isOptional = fields.bool('allow_sending_without_reply');
  const inner = params.inside<string>(value);
  if (inner.has('ephemeral_message_id')) throw badRequest('message to be replied not found');
  if (!inner.has('message_id')) return undefined;
  const to: tl.inputReplyToMessage = { _: 'inputReplyToMessage', reply_to_msg_id: findMessageId(inner, 'message_id') };
  if (inner.has('chat_id')) to.reply_to_peer_id = await findChat(call, fields.text('chat_id'));
  if (inner.has('quote')) {
    const { message, entities } = readText(inner, QUOTE_NAMES);
    Object.assign(to, { quote_text: message, quote_entities: entities, quote_offset: fields.int('quote_position') });
  }
  return { to, isOptional };
}

function readOldReply(params: ReplyParams): ReplyWish | undefined {
  if (params.int('reply_to_message_id') === 0) return undefined;
  const to: tl.inputReplyToMessage = { _: 'inputReplyToMessage', reply_to_msg_id: findMessageId(params, 'reply_to_message_id') };
  return { to, isOptional: params.bool('allow_sending_without_reply') };
}
