import { badRequest } from '../bot-error.ts';
import type { RawParams } from './params.ts';

/**
 * Parameters that narrow who gets a message, or when, and that this server does not have. Whoever gives one would be wrong about who reads
 * the message if it were ignored.
 */
export const REFUSED_PARAMETERS: readonly string[] = ['business_connection_id', 'ephemeral_message_parameters', 'direct_messages_topic_id', 'suggested_post_parameters'];

/** @throws BotError 400 if a parameter is given that no method takes here */
export function checkRefused(raw: RawParams): void {
  for (const name of REFUSED_PARAMETERS) {
    const value = raw.get(name);
    if (value !== undefined && value !== null && value !== '') throw badRequest(`the parameter "${name}" is not supported by this server`);
  }
}
