import type { RpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { MessageExtra, Origin } from '../events/index.ts';
import type { PendingPage } from '../web-pages/index.ts';
import type { Place } from './places.ts';
import type { ScheduledRow } from './scheduled-store.ts';

/** A send as the caller describes it; the peer decides who gets copies. */
export type NewOutgoing = Omit<Outgoing, 'peerId' | 'places' | 'chatVersion' | 'elsewhere'>;

/** One message of a send. */
export interface OutgoingPart {
  randomId: bigint;
  text: string;
  /** `MessageFlag` bits for both copies; the sender's copy gets `out` in addition. */
  flags: number;
  extra: MessageExtra;
  /** What the copies of all but the sender have in the place of `extra`; if absent, the same. */
  extraOfOthers?: MessageExtra;
  /** In a group: the users whom the text mentions; their copies say so. */
  mentioned?: ReadonlySet<bigint>;
  /** Media that come with the message without being stored in it, such as those of the solution of a quiz: they need the rights that they would need alone. */
  besides?: readonly tl.MessageMedia[] | undefined;
  /** Whether a text without media gets the preview of its first link. */
  previewsLinks?: boolean;
  /** The page that the media wait for; the send enqueues the job that fetches it. */
  pending?: PendingPage;
  /** The earlier part of the same call that this one replies to, by index. Messages forwarded together keep their replies to each other. */
  answers?: { part: number; quote: tl.messageReplyHeader | undefined };
  /** In Saved Messages: the marked peer that the message was saved from; defaults to the owner. */
  savedPeerId?: bigint;
}

/** A reply, by the sender's message id. The receiver's message id is found by global_id. */
export interface OutgoingReply {
  msgId: number;
  /** The quote, or the task of a checklist; undefined for a plain reply. */
  quote: tl.messageReplyHeader | undefined;
}

/** What a send does at the data centre of a receiver who lives elsewhere. */
export interface Elsewhere {
  /** Undefined: the sender may not write to the receiver, so nothing is sent there. */
  dc: number | undefined;
  /** For each message: the global id of both copies, and the content of the copy there; see `contentElsewhere`. */
  parts: readonly { globalId: bigint; extra: MessageExtra }[];
}

/** The messages that one call sends to one peer, either all or none. */
export interface Outgoing {
  senderId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  parts: OutgoingPart[];
  reply?: OutgoingReply;
  /** Whether sending deletes the draft for this peer. */
  clearsDraft?: boolean;
  origin: Origin | undefined;
  /** The error to return because the sender may not write to the peer. A repeat of an earlier send is still answered normally. */
  refusal?: RpcError;
  /**
   * Checks under the locks what the messages rest on, and may write what belongs to them. Not called if they were sent before or are refused anyway. Returns the
   * error with which this call fails; undefined: it goes on.
   */
  guard?: (tx: Tx, nowDate: number) => Promise<Error | undefined>;
  /** Of a basic group: as it was when rights and places were found. If it has changed under the locks, the call fails with ChatChanged. */
  chatVersion?: number;
  /** Who gets a copy, the sender first. A receiver who has blocked the sender gets none; the sender is not told. */
  places: readonly Place[];
  /** The receiver lives in another data centre, which is told of the messages; only the sender has a place here. */
  elsewhere?: Elsewhere | undefined;
  /**
   * The scheduled message that the single part was made from. It is sent only if the row is still identical when the boxes are locked; the
   * same transaction deletes the row.
   */
  scheduled?: ScheduledRow;
  /** Called once the send is queued: anything sent to the same peer from then on comes after it. */
  onQueued?: () => void;
  /** Called if an earlier call has sent these messages already. */
  onRepeat?: () => void;
}
