import { readId64 } from './id64.ts';
import type { Params } from './params.ts';

/** Parameters of every method that sends messages. */
export const DELIVERY_PARAMS = ['chat_id', 'message_thread_id', 'disable_notification', 'protect_content'] as const;

/** Parameters of every method that sends one message or album. */
export const SEND_PARAMS = [...DELIVERY_PARAMS, 'message_effect_id'] as const;

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
  return { ...readDelivery(params), effect: readId64(params, 'message_effect_id') };
}
