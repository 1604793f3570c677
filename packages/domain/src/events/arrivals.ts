import type { MessageRow } from './message-row.ts';

/** What a transaction's new messages do to one dialog. */
export interface DialogArrivals {
  owner: bigint;
  /** Marked. */
  peerId: bigint;
  topMsgId: number;
  topDate: number;
  count: number;
  unread: number;
  /** Some of them are the owner's own. */
  wrote: boolean;
}

/** Numbered messages of any number of boxes, and what else their arrival writes. */
export interface Arrivals {
  messages: readonly MessageRow[];
  /** The senders' copies of what was sent with a random_id. */
  sent: readonly { randomId: bigint; row: MessageRow }[];
  /** One a dialog; those that are new are made. */
  dialogs: readonly DialogArrivals[];
}
