import type { MessageRow } from './message-row.ts';

/** The changes that a transaction's new messages make to one dialog. */
export interface DialogArrivals {
  owner: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  topMsgId: number;
  topDate: number;
  count: number;
  unread: number;
  /** At least one of the messages is the owner's own. */
  wrote: boolean;
}

/** The numbered messages of one transaction, for any number of boxes, with the other rows to write along with them. */
export interface Arrivals {
  messages: readonly MessageRow[];
  /** The senders' copies of messages sent with a `random_id`. */
  sent: readonly { randomId: bigint; row: MessageRow }[];
  /** One entry per dialog; dialogs that do not exist yet are created. */
  dialogs: readonly DialogArrivals[];
}
