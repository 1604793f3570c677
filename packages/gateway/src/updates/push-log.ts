import type { BoxEvent, BoxHint, BoxPosition } from '@aerogram/domain';
import type { Logger } from '@aerogram/runtime';

import type { LiveSession } from '../live-session.ts';
import type { Offer } from './session-sequencer.ts';
import type { EventSlice } from './update-source.ts';

/**
 * Writes a line to the log for each decision about a push, so that an operator can find out why a push did not arrive (docs/operators.md). The field `push` names the
 * decision. Lines contain ids and numbers, never what an update says.
 */
export class PushLog {
  readonly #log: Logger;

  private constructor(log: Logger) {
    this.#log = log;
  }

  /** @returns what returns the log, or undefined unless its level is debug at that moment, so that pushing costs nothing then */
  static open(log: Logger): () => PushLog | undefined {
    const pushLog = new PushLog(log);
    return () => (log.isLevelEnabled('debug') ? pushLog : undefined);
  }

  attached(owner: bigint, session: LiveSession, pts: number): void {
    this.#log.debug({ push: 'attached', ...whose(owner, session), pts }, 'a session gets the updates of this owner from now on');
  }

  detached(owner: bigint, session: LiveSession): void {
    this.#log.debug({ push: 'detached', ...whose(owner, session) }, 'a session gets no updates of this owner any more');
  }

  heard({ owner, pts, ptsCount, looseCount }: BoxHint): void {
    this.#log.debug({ push: 'heard', owner: String(owner), pts, ptsCount, loose: looseCount }, 'a hint told of new events');
  }

  /** What a session gets of a hint, if that is nothing now. @param session undefined for all sessions of a channel at one position */
  offered(session: LiveSession | undefined, { owner, pts }: BoxHint, offer: Offer, { sent, isOwn }: { sent: number; isOwn: boolean }): void {
    if (typeof offer !== 'string') return;
    const push = offer === 'hole' ? 'hole' : isOwn ? 'answered' : pts <= sent ? 'known' : 'waits';
    this.#log.debug({ push, ...whose(owner, session), pts, sent }, WORDS[push]);
  }

  read(owner: bigint, from: BoxPosition, { pts, events, more }: EventSlice): void {
    this.#log.debug({ push: 'read', owner: String(owner), from: from.pts, pts, events: events.length, more }, 'the events that sessions lack were read');
  }

  repairing(owner: bigint, sent: number, { pts, looseSeq }: BoxPosition): void {
    this.#log.debug({ push: 'repaired', owner: String(owner), sent, pts, looseSeq }, 'the repair found a session that lacks events, and reads them');
  }

  handed(owner: bigint, session: LiveSession, outcome: 'queued' | 'dropped', { events, bytes }: { events: readonly BoxEvent[]; bytes: number }): void {
    this.#log.debug({ push: outcome, ...whose(owner, session), pts: events.at(-1)?.pts, events: events.length, bytes, layer: session.layer, connected: session.connected }, WORDS[outcome]);
  }

  /** @param session undefined for all sessions of a channel at one position */
  toldToFetch(owner: bigint, session: LiveSession | undefined): void {
    this.#log.debug({ push: 'fetch', ...whose(owner, session) }, 'a session is told to fetch the difference, because it lacks too much');
  }

  /** The user of the session may not see the events, or need not. */
  hidden(owner: bigint, session: LiveSession, events: readonly BoxEvent[]): void {
    this.#log.debug({ push: 'hidden', ...whose(owner, session), pts: events.at(-1)?.pts }, 'a session gets nothing of the events, because its user does not see them');
  }
}

const WORDS = {
  queued: 'an update was queued for a session',
  dropped: 'an update was dropped, because the client reads too slowly; it is told to fetch the difference',
  hole: 'hints before this one are missing, so the events are read',
  answered: 'a session has the events in the answer to its own call',
  known: 'a session has got the events already',
  waits: 'the events wait for the answer to a call of the session',
} as const;

/** How the log names a session: by its user and its id in hex. */
function whose(owner: bigint, session: LiveSession | undefined): Record<string, string | undefined> {
  return { owner: String(owner), user: session?.userId?.toString(), session: session?.sessionId.toString(16) };
}
