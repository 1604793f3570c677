import type { tl } from '@aerogram/tl';

import type { MessageRow } from './message-row.ts';

/** The session whose call caused an event. It learns of the event from the call's answer and gets no push (rule P11, one receiver). */
export interface Origin {
  /** Id of the permanent auth key. */
  authKeyId: bigint;
  sessionId: bigint;
  /** The trace context of the call, if it is traced. */
  trace?: string | undefined;
}

/** A message arrived in the box. Its row in `messages` is the only record of it; the update log has no entry for it. */
export interface NewMessageEvent {
  kind: 'new_message';
  pts: number;
  ptsCount: number;
  message: MessageRow;
  /** When its transaction had committed, in unix milliseconds by the clock of that process; only in hints. */
  committedMs?: number;
}

/** A message of the box changed. The log keeps only its id; `getDifference` reads the row as it is at that time. */
export interface EditMessageEvent {
  kind: 'edit_message';
  pts: number;
  ptsCount: number;
  message: MessageRow;
}

/**
 * Any other event, stored as the TL update that the owner receives. With `ptsCount` 0 it is an update without pts that is kept for devices
 * that missed it: `pts` is then the box's pts when it happened, and `looseSeq` numbers the updates without pts.
 */
export interface LoggedUpdateEvent {
  kind: 'update';
  pts: number;
  ptsCount: number;
  date: number;
  update: tl.Update;
  /** 1 for the box's first update without pts, then counting up; 0 for an event that has a pts. */
  looseSeq: number;
}

/** The current position of a box, or the position up to which a session has received its events. */
export interface BoxPosition {
  pts: number;
  /** Number of updates without pts so far. */
  looseSeq: number;
}

/** One event in an owner's box. Lists of events are in ascending order of `pts`. */
export type BoxEvent = NewMessageEvent | EditMessageEvent | LoggedUpdateEvent;

/**
 * Hint that a box moved from `pts - ptsCount` to `pts`. It is published on the user's bus topic (`userTopic`) after the commit and may be
 * lost, duplicated or reordered (rule S3, lossy hints). It carries the events, so that pushing them needs no read.
 */
export interface BoxHint {
  kind: 'box';
  owner: bigint;
  pts: number;
  ptsCount: number;
  /** Number of events in the hint that have no pts. */
  looseCount: number;
  origin?: Origin;
  /** The trace context of the call that caused the events, if it is traced. */
  trace?: string;
  events: BoxEvent[];
}

/** An update for devices that are online now, such as typing or an online status. It is never stored. */
export interface TransientHint {
  kind: 'transient';
  owner: bigint;
  update: tl.Update;
  /** Of a channel: the member who is not told, because the update is about what this member does. */
  exceptUserId?: bigint;
  /** Of a user: the devices that are not told, by the ids of their permanent auth keys. */
  exceptKeyIds?: readonly bigint[];
}

/** What one device alone may see: an event of its log. */
export interface DeviceEvent {
  /** Its number in the log of the device; numbers may be missing. */
  seq: number;
  date: number;
  update: tl.Update;
}

/**
 * Hint that the log of one device of the owner moved to `seq`, or, with an update, that the device is to be shown something that is stored nowhere. It travels on the topic of the
 * user, and is for the sessions of that device alone.
 */
export interface DeviceHint {
  kind: 'device';
  owner: bigint;
  /** Id of the permanent auth key of the device. */
  authKeyId: bigint;
  /** 0 if nothing was logged. */
  seq: number;
  /** The events after `seq - events.length`; none if the log has to be read. */
  events: DeviceEvent[];
  /** Is stored nowhere. */
  transient?: tl.Update;
}

/** A hint of a user, or of a channel: then its `owner` is the marked id of the channel, and the messages of its events are `PostRow`s. */
export type UserHint = BoxHint | TransientHint | DeviceHint;

