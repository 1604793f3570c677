import type { CallMaterial } from '../calls.ts';
import type { Message, MessageId, PeerId } from '../models.ts';

/** A page of messages about calls, in all chats. */
export interface CallPage {
  /** From new to old. */
  messages: Message[];
  hasMore: boolean;
}

/** Calls between two people. */
export interface CallQuestions {
  /**
   * Calls somebody. What is said and heard lives in the page that asks this; the call ends when that page is gone.
   * `lock`: a lock (Web Locks) that this page holds as long as it lives, so that its end is noticed even if it says nothing
   */
  'calls.begin': { say: { peer: PeerId; isVideo: boolean; lock: string }; get: { call: number } };
  /** Answers a call that rings, in the page that asks this. */
  'calls.accept': { say: { call: number; lock: string }; get: void };
  /** What the page of a call needs as soon as both can talk. What the other side has said since then follows. */
  'calls.join': { say: { call: number }; get: CallMaterial };
  /** Says something to the engine of the other side. */
  'calls.signal': { say: { call: number; data: Uint8Array }; get: void };
  /** Hangs up, declines or gives up. `isLost`: nothing arrives any more. */
  'calls.end': { say: { call: number; isLost?: boolean }; get: void };
  /** Lists the messages about calls. `before`: those that are older than this one. */
  'calls.list': { say: { before?: MessageId }; get: CallPage };
  /** Whether people can call each other on this server. */
  'calls.areOn': { say: void; get: boolean };
  /** Deletes all of them, on request for the other sides, too. */
  'calls.deleteAll': { say: { forBoth: boolean }; get: void };
}
