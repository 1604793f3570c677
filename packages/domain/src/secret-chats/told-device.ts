import type { Tx } from '@aerogram/storage';

import type { DevicePlace } from '../device-log/index.ts';
import { definePort } from '../shared/index.ts';

/** What the app of a device is told of if it is closed. */
export interface SecretNotice extends DevicePlace {
  /** The other side. */
  peerId: bigint;
  what: 'message' | 'request' | 'accepted';
  /** The qts of a message, otherwise the id of the chat. */
  number: number;
  /** Unix seconds. */
  date: number;
}

/** Has devices told whose app is closed, in the transaction that adds to their logs. */
export type OrderSecretNotices = (tx: Tx, told: readonly SecretNotice[]) => Promise<void>;

/** Orders that devices are told whose app is closed. */
export const SECRET_NOTICES = definePort<OrderSecretNotices>('secretChats.orderNotices');
