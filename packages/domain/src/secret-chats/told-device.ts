import type { Tx } from '@aerogram/storage';

import type { DevicePlace } from '../device-log/index.ts';
import { definePort } from '../shared/index.ts';

/** An event of a secret chat of which a push service tells a device while its app is closed. */
export interface SecretNotice extends DevicePlace {
  /** The other side. */
  peerId: bigint;
  what: 'message' | 'request' | 'accepted';
  /** The qts of a message, otherwise the id of the chat. */
  number: number;
  /** Unix seconds. */
  date: number;
}

/** Writes such notices, in the transaction that adds the events to the logs of the devices. */
export type OrderSecretNotices = (tx: Tx, told: readonly SecretNotice[]) => Promise<void>;

/** Has such notices written. */
export const SECRET_NOTICES = definePort<OrderSecretNotices>('secretChats.orderNotices');
