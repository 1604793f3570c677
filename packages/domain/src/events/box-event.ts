import type { tl } from '@aerogram/tl';

import type { MessageRow } from './message-row.ts';

/** The session whose call caused an event: it learns the event from its answer and gets no push (rule P11). */
export interface Origin {
  /** Permanent key. */
  authKeyId: bigint;
  sessionId: bigint;
}

/** A message arrived in the box; its row is the record of it, nothing stands in the update log. */
export interface NewMessageEvent {
  kind: 'new_message';
  pts: number;
  ptsCount: number;
  message: MessageRow;
}

/** A message of the box changed; the log names it, the row is read (as it is now) when a difference is made. */
export interface EditMessageEvent {
  kind: 'edit_message';
  pts: number;
  ptsCount: number;
  message: MessageRow;
}

/**
 * Anything else, as the TL update that the owner gets. `ptsCount` 0 means an update without pts of its own that is kept
 * for devices that missed it; `pts` is then the position of the box when it happened, and `looseSeq` its place among its like.
 */
export interface LoggedUpdateEvent {
  kind: 'update';
  pts: number;
  ptsCount: number;
  date: number;
  update: tl.Update;
  /** 1 for the box's first update without pts, and so on; 0 of those that have pts. */
  looseSeq: number;
}

/** Where a box is, or how much of it a session was given. */
export interface BoxPosition {
  pts: number;
  /** How many updates without pts there were. */
  looseSeq: number;
}

/** What happened in one owner's box, in ascending `pts`. */
export type BoxEvent = NewMessageEvent | EditMessageEvent | LoggedUpdateEvent;

/**
 * "Look": published on the topic of the user (`userTopic` of the bus) after commit; may be lost, doubled or reordered (rule S3).
 * It moves the box from `pts - ptsCount` to `pts`, and carries the events so that a push needs no read.
 */
export interface BoxHint {
  kind: 'box';
  owner: bigint;
  pts: number;
  ptsCount: number;
  /** How many of the events have no pts. */
  looseCount: number;
  origin?: Origin;
  events: BoxEvent[];
}

/** Typing, online status: shown to whoever is online, stored nowhere. */
export interface TransientHint {
  kind: 'transient';
  owner: bigint;
  update: tl.Update;
}

export type UserHint = BoxHint | TransientHint;
