import type { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { MessageExtra, Origin } from '../events/index.ts';
import type { PendingPage } from '../web-pages/index.ts';
import type { ScheduledRow } from './scheduled-store.ts';

/** One message that is to be sent. */
export interface OutgoingPart {
  randomId: bigint;
  text: string;
  /** `MessageFlag` bits that both copies get; `out` is added for the sender's. */
  flags: number;
  extra: MessageExtra;
  /** Where there are no media yet, the first link of the text is shown. */
  previewsLinks?: boolean;
  /** What the media wait for; fetching it is ordered together with the send. */
  pending?: PendingPage;
  /** An earlier part of the same call that this one answers, by its place: forwards keep replies among themselves. */
  answers?: { part: number; quote: tl.messageReplyHeader | undefined };
  /** Of Saved Messages: the marked peer that the message came from, else the owner. */
  savedPeerId?: bigint;
}

/** A reply, by the sender's own message id; translated to the receiver's by global_id. */
export interface OutgoingReply {
  msgId: number;
  /** The quote; undefined for a plain reply. */
  quote: tl.messageReplyHeader | undefined;
}

/** What one call sends to one peer: all of it or nothing. */
export interface Outgoing {
  senderId: bigint;
  /** Marked. */
  peerId: bigint;
  parts: OutgoingPart[];
  reply?: OutgoingReply;
  /** The draft to this peer is done with. */
  clearsDraft?: boolean;
  origin: Origin | undefined;
  /** The sender may not write to the peer; a repeat of what was sent before is answered all the same. */
  refusal?: RpcError;
  /** The receiver blocked the sender, who is not told: there is only the sender's own copy. */
  withheld?: boolean;
  /**
   * The scheduled message that the one part was made from. It is sent only if it still is as here when the boxes are locked, and the
   * same transaction removes it.
   */
  scheduled?: ScheduledRow;
  /** Called when it stands in line: what is sent to the same peer from now on comes after it. */
  onQueued?: () => void;
}
