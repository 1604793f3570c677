import type { tl } from '@aerogram/tl';

import type { MessageRow } from '../messages/message-row.ts';

/** The session whose call caused an event: it learns the event from its answer and gets no push (PROTOCOL-RULES 11). */
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
 * for devices that are offline; `pts` is then the position of the box when it happened.
 */
export interface LoggedUpdateEvent {
  kind: 'update';
  pts: number;
  ptsCount: number;
  date: number;
  update: tl.Update;
}

/** What happened in one owner's box, in ascending `pts`. */
export type BoxEvent = NewMessageEvent | EditMessageEvent | LoggedUpdateEvent;

/**
 * "Look": published on the topic of the user (`userTopic` of the bus) after commit; may be lost, doubled or reordered (STORAGE-RULES 3).
 * It moves the box from `pts - ptsCount` to `pts`, and carries the events so that a push needs no read.
 */
export interface BoxHint {
  kind: 'box';
  owner: bigint;
  pts: number;
  ptsCount: number;
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
