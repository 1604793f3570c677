import { badRequest } from '../bot-error.ts';
import type { RawParams } from './params.ts';

/**
 * Parameters that narrow who gets a message, or when, and that this server does not have. Whoever gives one would be wrong about who reads
 * the message if it were ignored. The last two are what programs write that know messages for one person by the Bot API before `ephemeral_message_parameters`.
 */
export const REFUSED_PARAMETERS: readonly string[] = [
  'business_connection_id', 'ephemeral_message_parameters', 'direct_messages_topic_id', 'suggested_post_parameters', 'receiver_user_id', 'callback_query_id',
];

/** @param params those that the method reads, for which such a name means something else @throws BotError 400 if another parameter is given that this server does not have */
export function checkRefused(raw: RawParams, params: readonly string[]): void {
  for (const name of REFUSED_PARAMETERS) {
    const value = raw.get(name);
    if (!params.includes(name) && value !== undefined && value !== null && value !== '') throw badRequest(`the parameter "${name}" is not supported by this server`);
  }
}
