import type { Bus } from '@aerogram/bus';
import type { OtherHomes } from '@aerogram/cluster';
import { appendHomeFramesLast, type Counter, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type Effect, type FrameSeals, packPlain } from '../effects/index.ts';
import type { Arrivals, DialogArrivals } from './arrivals.ts';
import type { BoxHint, Origin } from './box-event.ts';
import { type CausedEvent, EventTraces } from './event-traces.ts';
import { hasFlag, MessageFlag, type MessageRow } from './message-row.ts';
import type { PostRow } from './post-row.ts';
import { insertUpdateLog, type UpdateLogEntry } from './update-log-store.ts';
import { publishBoxHint } from './user-hints.ts';

/** The qts of a box without events that have one (rule P3, first pts); that of its first event is one more. */
export const FIRST_QTS = 1;

/** A message before its owner's counter has numbered it. Without a `ttl_period` it never expires. */
export type UnnumberedMessage = Omit<MessageRow, 'owner_id' | 'msg_id' | 'pts' | 'ttl_period'> & Partial<Pick<MessageRow, 'ttl_period'>>;

/** A message of a channel before the channel's counter has numbered it. */
export type UnnumberedPost = Omit<PostRow, 'owner_id' | 'peer_id' | 'global_id' | 'saved_peer_id' | 'msg_id' | 'pts'>;

/** Where an update stands in a box. */
export interface UpdatePlace {
  /** How much the event adds to pts: for a deletion the number of messages, for an update without pts 0. */
  ptsCount: number;
  date: number;
  origin: Origin | undefined;
}

/** What boxes know of other data centres. */
interface Elsewhere {
  homes?: OtherHomes | undefined;
  frameSeals?: Pick<FrameSeals, 'seal'> | undefined;
}

interface OwnerEvents {
  counter: Counter;
  events: CausedEvent[];
  /** One for each dialog in which messages arrive; mostly there is one. */
  arrivals: DialogArrivals[];
}

/**
 * Writes numbered messages and everything that changes with their arrival, together with the COMMIT. Injected, because the messages folder
 * depends on this one.
 */
export type InsertArrivals = (tx: Tx, arrivals: Arrivals) => void;

/** Events that take messages away. */
const DELETIONS: ReadonlySet<tl.Update['_']> = new Set(['updateDeleteMessages', 'updateDeleteChannelMessages', 'updateChannelAvailableMessages']);

/**
 * The boxes that one transaction writes; their counters are locked. Events get their numbers in memory as they are added, are written in a
 * few statements together with the COMMIT, and are published as hints after it. Only `BoxWriter` creates and flushes this object.
 *
 * Invariant: within one box, pts grows by exactly the ptsCount of each event, loose_seq by one with each update without pts, and qts by one
 * with each update that has a qts, so committed events have no gaps.
 */
export class Boxes {
  readonly #tx: Tx;
  readonly #owners: Map<bigint, OwnerEvents>;
  readonly #messages: MessageRow[] = [];
  readonly #sent: { randomId: bigint; row: MessageRow }[] = [];
  readonly #log: UpdateLogEntry[] = [];
  /** The owners who lose messages by the events, or files that others may have read: by an edit, or out of a list. */
  readonly bereft = new Set<bigint>();
  readonly #homes: OtherHomes | undefined;
  readonly #seals: Elsewhere['frameSeals'];
  /** What the transaction does to people elsewhere, by their DC. */
  readonly #told = new Map<number, Effect[]>();
  #isFlushed = false;

  /**
   * @param tx the transaction
   * @param counters counters of the owners, locked by `tx`
   * @param elsewhere the other data centres, if there are any, and what seals the frames for them
   */
  constructor(tx: Tx, counters: Map<bigint, Counter>, { homes, frameSeals }: Elsewhere = {}) {
    this.#tx = tx;
    this.#homes = homes;
    this.#seals = frameSeals;
    this.#owners = new Map([...counters].map(([owner, counter]) => [owner, { counter, events: [], arrivals: [] }]));
  }

  /** Whether this transaction opened the box of this owner. */
  has(owner: bigint): boolean {
    return this.#owners.has(owner);
  }

  /** The DC in which somebody lives, if it is not here. What is done to their box is told to it by {@link Boxes.tell}. @param peerId marked */
  dcOf(peerId: bigint): number | undefined {
    return this.#homes?.dcOf(peerId);
  }

  /**
   * Tells another data centre what this transaction does to somebody there. It is written with the COMMIT, and applied there once, after all that the same
   * person did before.
   * @param dc see {@link Boxes.dcOf}
   */
  tell(dc: number, effect: Effect): void {
    if (this.#isFlushed) throw new Error(`an effect for data centre ${dc} came after the boxes were written`);
    const told = this.#told.get(dc);
    if (told) told.push(effect);
    else this.#told.set(dc, [effect]);
  }

  /** The pts of an owner's box, including the events added so far. */
  pts(owner: bigint): number {
    return this.#of(owner).counter.pts;
  }

  /** The number of the last update without pts in an owner's box, including those added so far. */
  looseSeq(owner: bigint): number {
    return this.#of(owner).counter.loose_seq;
  }

  /** Adds a message: assigns the owner's next message id and pts, and counts the message in its dialog. */
  addMessage(owner: bigint, message: UnnumberedMessage, origin: Origin | undefined): MessageRow {
    const { counter, events, arrivals } = this.#of(owner);
    counter.pts++;
    // No object spread here: this runs twice for every message sent, and a spread is measurably slower.
    const row: MessageRow = {
      owner_id: owner,
      msg_id: counter.next_msg_id,
      global_id: message.global_id,
      peer_id: message.peer_id,
      from_id: message.from_id,
      saved_peer_id: message.saved_peer_id,
      pts: counter.pts,
      date: message.date,
      edit_date: message.edit_date,
      flags: message.flags,
      reply_to_msg_id: message.reply_to_msg_id,
      text: message.text,
      extra: message.extra,
      ttl_period: message.ttl_period ?? null,
    };
    counter.next_msg_id++;
    this.#messages.push(row);
    countArrival(arrivals, row);
    events.push({ event: { kind: 'new_message', pts: row.pts, ptsCount: 1, message: row }, origin });
    return row;
  }

  /**
   * Adds a message of a channel: assigns the channel's next message id and pts. The caller writes the row.
   * @param channel marked id of the channel
   */
  addPost(channel: bigint, post: UnnumberedPost, origin: Origin | undefined): PostRow {
    const { counter, events } = this.#of(channel);
    counter.pts++;
    const row: PostRow = { ...post, owner_id: channel, peer_id: channel, global_id: 0n, saved_peer_id: null, msg_id: counter.next_msg_id, pts: counter.pts };
    counter.next_msg_id++;
    events.push({ event: { kind: 'new_message', pts: row.pts, ptsCount: 1, message: row }, origin });
    return row;
  }

  /**
   * Counts the messages that these events add to a dialog as read from the beginning. The caller writes the read mark, and the event that tells of it.
   * @returns the id of the newest one; undefined if they add none there
   */
  readArrivals(owner: bigint, peerId: bigint): number | undefined {
    const arrivals = this.#of(owner).arrivals.find((each) => each.peerId === peerId);
    if (arrivals === undefined) return undefined;
    arrivals.unread = 0;
    return arrivals.topMsgId;
  }

  /** Records that the send with this `random_id` produced this message, so that a repeated send is recognised. */
  noteSent(randomId: bigint, row: MessageRow): void {
    this.#sent.push({ randomId, row });
  }

  /**
   * Adds the event that a message changed; the caller writes the row itself.
   * @returns the pts of the event
   */
  addEdit(owner: bigint, row: MessageRow, date: number, origin: Origin | undefined): number {
    const { counter, events } = this.#of(owner);
    counter.pts++;
    events.push({ event: { kind: 'edit_message', pts: counter.pts, ptsCount: 1, message: row }, origin });
    this.#log.push({ owner, pts: counter.pts, ptsCount: 1, date, kind: 'edit', msgId: row.msg_id, looseSeq: 0 });
    return counter.pts;
  }

  /**
   * Adds any other event.
   * @param make returns the update for the pts of the event
   * @returns the box's pts after the event
   */
  addUpdate(owner: bigint, { ptsCount, date, origin }: UpdatePlace, make: (pts: number) => tl.Update): number {
    const { counter, events } = this.#of(owner);
    counter.pts += ptsCount;
    if (ptsCount === 0) counter.loose_seq++;
    const { pts } = counter;
    const looseSeq = ptsCount === 0 ? counter.loose_seq : 0;
    const update = make(pts);
    if (DELETIONS.has(update._)) this.bereft.add(owner);
    events.push({ event: { kind: 'update', pts, ptsCount, date, update, looseSeq }, origin });
    this.#log.push({ owner, pts, ptsCount, date, kind: 'update', update, looseSeq });
    return pts;
  }

  /**
   * Adds an update that has a qts. It is an update without pts as well, so that each session gets it once and in order; a difference finds it by its qts.
   * The sessions of the owner never learn of it by an answer, so it has no origin.
   * @param make returns the update for the qts of the event
   */
  addQts(owner: bigint, date: number, make: (qts: number) => tl.Update): void {
    const { counter, events } = this.#of(owner);
    const { pts } = counter;
    const qts = Math.max(counter.qts, FIRST_QTS) + 1;
    counter.qts = qts;
    const looseSeq = ++counter.loose_seq;
    const update = make(qts);
    events.push({ event: { kind: 'update', pts, ptsCount: 0, date, update, looseSeq }, origin: undefined });
    this.#log.push({ owner, pts, ptsCount: 0, date, kind: 'update', update, looseSeq, qts });
  }

  /** Adds updates without pts, in the given order. */
  addLoose(owner: bigint, date: number, origin: Origin | undefined, updates: readonly tl.Update[]): void {
    for (const update of updates) this.addUpdate(owner, { ptsCount: 0, date, origin }, () => update);
  }

  /**
   * Queues the writes of all added events and effects, to be sent together with the COMMIT and the new counters. Nothing can be added afterwards.
   * @param date unix seconds
   */
  flush(insertArrivals: InsertArrivals, date: number): void {
    this.#isFlushed = true;
    if (this.#messages.length > 0) {
      insertArrivals(this.#tx, { messages: this.#messages, sent: this.#sent, dialogs: Array.from(this.#owners.values(), ({ arrivals }) => arrivals).flat() });
    }
    if (this.#log.length > 0) insertUpdateLog(this.#tx, this.#log);
    if (this.#told.size > 0) this.#writeFrames(date);
  }

  /** Last of all: the stream to another data centre is locked from then on. */
  #writeFrames(date: number): void {
    for (const [dc, effects] of this.#told) {
      appendHomeFramesLast(this.#tx, dc, effects.map((effect) => this.#seals?.seal(dc, effect, date) ?? packPlain(effect)), date);
      this.#tx.afterCommit(() => this.#homes?.framesWritten(dc));
    }
  }

  /** Publishes one hint for each run of consecutive events that have the same origin. Call it after the commit. @param nowMs the time, in unix milliseconds */
  publish(bus: Bus, nowMs: number): void {
    const traces = EventTraces.of(this.#owners.values());
    for (const [owner, { events }] of this.#owners) {
      let hint: BoxHint | undefined;
      for (const { event, origin } of events) {
        const looseCount = event.ptsCount === 0 ? 1 : 0;
        if (event.kind === 'new_message') event.committedMs = nowMs;
        if (hint !== undefined && sameOrigin(hint.origin, origin)) {
          hint.events.push(event);
          hint.pts = event.pts;
          hint.ptsCount += event.ptsCount;
          hint.looseCount += looseCount;
          continue;
        }
        if (hint !== undefined) publishBoxHint(bus, hint);
        const trace = traces?.find({ event, origin });
        hint = { kind: 'box', owner, pts: event.pts, ptsCount: event.ptsCount, looseCount, origin, ...(trace !== undefined && { trace }), events: [event] };
      }
      if (hint !== undefined) publishBoxHint(bus, hint);
    }
  }

  #of(owner: bigint): OwnerEvents {
    if (this.#isFlushed) throw new Error(`an event of ${owner} came after its box was written`);
    const entry = this.#owners.get(owner);
    if (!entry) throw new Error(`the box of ${owner} was not opened by this transaction`);
    return entry;
  }
}

/** Counts a message in its dialog. @param arrivals those of its owner */
function countArrival(arrivals: DialogArrivals[], row: MessageRow): void {
  const isOwn = hasFlag(row, MessageFlag.out);
  const unread = isOwn || row.owner_id === row.peer_id ? 0 : 1;
  const known = arrivals.find(({ peerId }) => peerId === row.peer_id);
  if (known === undefined) {
    arrivals.push({ owner: row.owner_id, peerId: row.peer_id, topMsgId: row.msg_id, topDate: row.date, count: 1, unread, wrote: isOwn });
    return;
  }
  known.topMsgId = row.msg_id;
  known.topDate = row.date;
  known.count += 1;
  known.unread += unread;
  known.wrote ||= isOwn;
}

function sameOrigin(a: Origin | undefined, b: Origin | undefined): boolean {
  return a?.sessionId === b?.sessionId && a?.authKeyId === b?.authKeyId;
}
