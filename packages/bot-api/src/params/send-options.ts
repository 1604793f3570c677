import { badRequest } from '../bot-error.ts';
import type { Params } from './params.ts';

/** Parameters of every method that sends messages. */
export const DELIVERY_PARAMS = ['chat_id', 'message_thread_id', 'disable_notification', 'protect_content'] as const;

/** Parameters of every method that sends one message or album. */
export const SEND_PARAMS = [...DELIVERY_PARAMS, 'message_effect_id'] as const;

/** The id of an effect. */
const EFFECT = /^[1-9]\d{0,18}$/;

/** How messages are delivered, as TL requests name it. */
export interface DeliveryOptions {
  silent: boolean;
  noforwards: boolean;
}

/** How one message is sent, as TL requests name it. */
export interface SendOptions extends DeliveryOptions {
  effect: bigint | undefined;
}

/** Reads how messages are to be delivered. */
export function readDelivery(params: Params<(typeof DELIVERY_PARAMS)[number]>): DeliveryOptions {
  return { silent: params.bool('disable_notification'), noforwards: params.bool('protect_content') };
}

/** Reads how a message is to be sent. */
export function readSendOptions(params: Params<(typeof SEND_PARAMS)[number]>): SendOptions {
  const effect = params.text('message_effect_id').trim();
  return { ...readDelivery(params), effect: EFFECT.test(effect) ? BigInt.asIntN(64, BigInt(effect)) : undefined };
}

/**
 * Checks that a message is not meant for a topic: no chat has any.
 * @throws BotError 400 `message thread not found`
 */
export function checkThread(params: Params<'message_thread_id'>): void {
  if (params.int('message_thread_id') !== 0) throw badRequest('message thread not found');
}
