import { type BoxEvent, type BoxPosition, type BoxReach, type Domain, hasFlag, MessageFlag } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { EventTail } from './event-tail.ts';
import { LIFE_S } from './update-life.ts';

/** Maximum number of events that one read brings. */
const READ_MAX = 100;
/** A reader that is further behind first looks where the events begin that are young enough to be told. */
const FAR_BEHIND = 1000;

export type EventSource = Pick<Domain, 'updates' | 'channelUpdates' | 'botUpdates' | 'botQuestions'>;

/** Where events are read from, and for whom. */
export interface SequenceDeps {
  domain: EventSource;
  clock: { now(): number };
  botId: bigint;
}

/** Whether there is something to read: hints have told of it, or the database has it. */
type News = 'none' | 'hinted' | 'stored';

/** What a read has found. */
interface Read {
  events: readonly BoxEvent[];
  /** What the bot gets of them; undefined if it gets nothing. */
  updates: tl.Updates | undefined;
}

/** A sequence of events that is read for a bot: that of its box, or that of a channel. */
abstract class Sequence {
  readonly #tail = new EventTail();
  #news: News = 'none';
  /** Number of events that were read since the position was stored. */
  unsaved = 0;

  get hasNews(): boolean {
    return this.#news !== 'none';
  }

  /** Takes a hint. @param keeps whether its events will be read soon */
  hint(hint: Parameters<EventTail['offer']>[0], keeps: boolean): void {
    if (keeps) this.#tail.offer(hint);
    else this.#tail.break();
    if (this.#news === 'none') this.#news = 'hinted';
  }

  /** The database has something new. */
  protected noteStored(): void {
    this.#news = 'stored';
  }

  /** Takes the events that hints have told, if nothing is missing before them. @returns 'read' if the database has to be asked */
  protected takeHinted(pts: number, room: number): ReturnType<EventTail['take']> {
    const taken = this.#tail.take(pts);
    const isUsable = this.#news === 'hinted' && (typeof taken === 'string' || taken.events.length <= room);
    this.#news = 'none';
    return isUsable ? taken : 'read';
  }
}

/** The events of a bot's box. */
export class BoxSequence extends Sequence {
  readonly #deps: SequenceDeps;
  reach: BoxReach;

  constructor(deps: SequenceDeps, reach: BoxReach) {
    super();
    this.#deps = deps;
    this.reach = reach;
  }

  /** The box is at a position. */
  moved({ pts, looseSeq }: BoxPosition): void {
    if (pts > this.reach.pts || looseSeq > this.reach.looseSeq) this.noteStored();
  }

  /** Skips most of what is too old to be told. */
  async skipOld(): Promise<void> {
    const { domain, botId, clock } = this.#deps;
    const position = await domain.updates.readPosition(botId);
    this.moved(position);
    if (position.pts - this.reach.pts <= FAR_BEHIND) return;
    const pts = await domain.botUpdates.findFreshPts(botId, { from: this.reach.pts, to: position.pts, sinceDate: clock.now() - LIFE_S });
    this.reach = { ...this.reach, pts, loosePts: Math.max(this.reach.loosePts, pts) };
  }

  /** Goes to the end without reading. */
  async skipAll(): Promise<void> {
    const { pts, looseSeq } = await this.#deps.domain.updates.readPosition(this.#deps.botId);
    this.takeHinted(pts, 0);
    this.reach = { pts, looseSeq, loosePts: pts };
  }

  /** Reads at most about `room` events. */
  async read(room: number): Promise<Read> {
    const { domain, botId, clock } = this.#deps;
    const hinted = this.takeHinted(this.reach.pts, room);
    if (hinted === 'nothing') return { events: [], updates: undefined };
    const events = hinted === 'read' ? await this.#readStored(room) : hinted.events;
    if (hinted !== 'read') this.reach = { ...this.reach, pts: hinted.pts };
    this.unsaved += events.length;
    const told = events.filter((event) => isTold(event, botId, clock.now()));
    return { events, updates: told.length === 0 ? undefined : await domain.updates.projectEvents(botId, told) };
  }

  async #readStored(room: number): Promise<readonly BoxEvent[]> {
    const { reach } = this;
    const slice = await this.#deps.domain.updates.listEventsSince(this.#deps.botId, reach, Math.min(room, READ_MAX));
    const next = reachAfter(reach, slice);
    const isStuck = slice.more && next.pts === reach.pts && next.loosePts === reach.loosePts && next.looseSeq === reach.looseSeq;
    // Entries that cannot be read any more must not stop the bot.
    this.reach = isStuck ? { ...next, looseSeq: slice.looseSeq } : next;
    if (slice.more) this.noteStored();
    return slice.events;
  }
}

/** The events of a channel. */
export class ChannelSequence extends Sequence {
  readonly #deps: SequenceDeps;
  readonly peerId: bigint;
  pts: number;

  /** @param peerId marked id of the channel */
  constructor(deps: SequenceDeps, peerId: bigint, pts: number) {
    super();
    this.#deps = deps;
    this.peerId = peerId;
    this.pts = pts;
  }

  /** The channel is at a position. */
  moved({ pts }: Pick<BoxPosition, 'pts'>): void {
    if (pts > this.pts) this.noteStored();
  }

  /** The channel is at a pts: skips most of what is too old to be told. */
  async skipOld(pts: number): Promise<void> {
    const { domain, clock } = this.#deps;
    this.moved({ pts });
    if (pts - this.pts <= FAR_BEHIND) return;
    this.pts = await domain.botUpdates.findFreshPts(this.peerId, { from: this.pts, to: pts, sinceDate: clock.now() - LIFE_S });
  }

  /** Goes to a later pts without reading. */
  skipTo(pts: number): void {
    if (pts <= this.pts) return;
    this.takeHinted(pts, 0);
    this.pts = pts;
    this.unsaved++;
  }

  /** Reads at most `room` events. */
  async read(room: number): Promise<Read> {
    const { domain, botId, clock } = this.#deps;
    const hinted = this.takeHinted(this.pts, room);
    if (hinted === 'nothing') return { events: [], updates: undefined };
    const slice = hinted === 'read' ? await domain.channelUpdates.listEventsSince(this.peerId, this.pts, Math.min(room, READ_MAX)) : { ...hinted, more: false };
    const { events } = slice;
    const isStuck = slice.pts <= this.pts;
    this.pts = Math.max(this.pts, slice.pts);
    if (slice.more && !isStuck) this.noteStored();
    this.unsaved += events.length;
    const told = events.filter((event) => isTold(event, botId, clock.now()));
    return { events, updates: told.length === 0 ? undefined : await domain.channelUpdates.projectEvents(botId, this.peerId, told) };
  }
}

/**
 * How far a reader is after a slice of the events after `reach`. A slice that is not the last one may end below the position of the reader, in the updates without
 * pts that it lacks. Pure.
 */
function reachAfter(reach: BoxReach, { events, pts, looseSeq, more }: { events: readonly BoxEvent[]; pts: number; looseSeq: number; more: boolean }): BoxReach {
  if (!more) return { pts: Math.max(reach.pts, pts), looseSeq: Math.max(reach.looseSeq, looseSeq), loosePts: Math.max(reach.pts, pts) };
  const last = events.reduce((most, event) => (event.kind === 'update' ? Math.max(most, event.looseSeq) : most), reach.looseSeq);
  return { pts: Math.max(reach.pts, pts), looseSeq: last, loosePts: pts };
}

/**
 * Whether a bot may be told of an event: it is young enough, and no message that the bot wrote, other than a service message. The date of a change that shows none is
 * unknown. Pure.
 */
function isTold(event: BoxEvent, botId: bigint, nowDate: number): boolean {
  if (event.kind === 'update') return event.date > nowDate - LIFE_S;
  const { message } = event;
  const authorId = 'poster_id' in message ? message.poster_id : message.from_id;
  if (authorId === botId && !hasFlag(message, MessageFlag.service)) return false;
  const date = event.kind === 'new_message' ? message.date : (message.edit_date ?? nowDate);
  return date > nowDate - LIFE_S;
}
