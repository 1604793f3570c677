import type { BoxPosition, KnownPositions } from '@aerogram/domain';
import type { TimerHandle } from '@aerogram/runtime';

import { BotReader, type BotReaderDeps } from './bot-reader.ts';
import { ChannelWatch } from './channel-watch.ts';
import type { BotInbox, Inboxes, StoredUpdate } from './inbox.ts';

/** How often the positions of all boxes and channels are compared with the database, because hints may be lost, in milliseconds. */
const REPAIR_MS = 2000;
/** Positions, or bots, that one statement compares. */
const REPAIR_BATCH = 5000;
/** How long the updates of a bot are still read after everybody has closed its inbox, in milliseconds: a poller comes back soon. */
const LINGER_MS = 30_000;

export interface InboxesDeps extends Omit<BotReaderDeps, 'channels'> {
  /** Whether this process answers for a bot. */
  owns(botId: bigint): boolean;
}

interface Entry {
  reader: BotReader;
  /** How many have it open. */
  users: number;
  /** Since when nobody has it open, by the monotonic clock. */
  idleMs: number;
  /** Resolves when everything is stored and the reader has ended. */
  closing: Promise<void> | undefined;
}

/** The inboxes of the bots of this process. One timer repairs, stores and closes all of them. */
export class OpenInboxes implements Inboxes, AsyncDisposable {
  readonly #deps: BotReaderDeps & Pick<InboxesDeps, 'owns'>;
  readonly #entries = new Map<bigint, Entry>();
  readonly #reconnects: Disposable;
  #timer: TimerHandle | undefined;
  #repairing: Promise<void> | undefined;

  constructor(deps: InboxesDeps) {
    this.#deps = { ...deps, channels: new ChannelWatch(deps.bus) };
    this.#reconnects = deps.bus.onReconnect(() => void this.repair());
  }

  async open(botId: bigint): Promise<BotInbox & Disposable> {
    const entry = await this.#enter(botId);
    const leave = (): void => {
      entry.users--;
      entry.idleMs = this.#deps.clock.monotonicMs();
      this.#giveUp(botId, entry);
    };
    try {
      await entry.reader.ready();
    } catch (error) {
      leave();
      throw error;
    }
    return new OpenInbox(entry.reader, this.#deps, leave);
  }

  /** Closes the inboxes that nobody uses of bots that another process answers for from now on: were the bots to come back, they would have been taken. */
  ownersChanged(): void {
    for (const [botId, entry] of this.#entries) this.#giveUp(botId, entry);
  }

  /** Reads what hints have not told, stores confirmations, and closes the inboxes that nobody uses. Never rejects. */
  repair(): Promise<void> {
    this.#repairing ??= this.#repairRound()
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'a round of repair of the updates of bots failed'))
      .finally(() => {
        this.#repairing = undefined;
      });
    return this.#repairing;
  }

  /** Stores everything and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#reconnects[Symbol.dispose]();
    this.#timer?.cancel();
    await this.#repairing;
    for (const entries = [...this.#entries]; entries.length > 0; ) {
      await Promise.all(entries.splice(0, 16).map(([botId, entry]) => this.#close(botId, entry)));
    }
  }

  async #enter(botId: bigint): Promise<Entry> {
    for (;;) {
      const known = this.#entries.get(botId);
      if (known?.closing === undefined && known?.reader.isTaken === false) {
        known.users++;
        return known;
      }
      if (known === undefined) break;
      await this.#close(botId, known);
    }
    const entry: Entry = { reader: new BotReader(botId, this.#deps), users: 1, idleMs: 0, closing: undefined };
    this.#entries.set(botId, entry);
    this.#timer ??= this.#deps.clock.setInterval(() => void this.repair(), REPAIR_MS);
    return entry;
  }

  #giveUp(botId: bigint, entry: Entry): void {
    if (entry.users === 0 && !this.#deps.owns(botId)) void this.#close(botId, entry);
  }

  #close(botId: bigint, entry: Entry): Promise<void> {
    entry.closing ??= entry.reader.flush().then(() => {
      entry.reader[Symbol.dispose]();
      this.#entries.delete(botId);
      if (this.#entries.size > 0) return;
      this.#timer?.cancel();
      this.#timer = undefined;
    });
    return entry.closing;
  }

  async #repairRound(): Promise<void> {
    const { domain, clock, channels } = this.#deps;
    for (const [botId, entry] of this.#entries) {
      const { reader, users, idleMs } = entry;
      const isIdle = users === 0 && clock.monotonicMs() - idleMs >= LINGER_MS;
      if (isIdle || reader.isTaken) void this.#close(botId, entry);
      else reader.tick(clock.now());
    }
    for (const known of pagesOf([...this.#positions()])) {
      for (const [owner, position] of await domain.updates.listMoved(known)) {
        if (owner < 0n) channels.moved(owner, position);
        else this.#entries.get(owner)?.reader.moved(position);
      }
    }
    const botIds = [...this.#entries.keys()];
    while (botIds.length > 0) {
      const asked = await domain.botQuestions.listBotsWithUnqueued(botIds.splice(0, REPAIR_BATCH));
      for (const botId of asked) this.#entries.get(botId)?.reader.asked();
    }
  }

  *#positions(): Generator<[bigint, BoxPosition]> {
    for (const [botId, { reader }] of this.#entries) yield [botId, reader.seen];
    yield* this.#deps.channels.positions();
  }
}

/** Positions as one statement takes them. */
function pagesOf(positions: readonly [bigint, BoxPosition][]): KnownPositions[] {
  return Array.from({ length: Math.ceil(positions.length / REPAIR_BATCH) }, (_, page) => {
    const part = positions.slice(page * REPAIR_BATCH, (page + 1) * REPAIR_BATCH);
    return { owners: part.map(([owner]) => owner), pts: part.map(([, { pts }]) => pts), looseSeqs: part.map(([, { looseSeq }]) => looseSeq) };
  });
}

/** An inbox that somebody has open. */
class OpenInbox implements BotInbox, Disposable {
  readonly #reader: BotReader;
  readonly #deps: Pick<BotReaderDeps, 'domain' | 'clock'>;
  #leave: (() => void) | undefined;

  constructor(reader: BotReader, deps: Pick<BotReaderDeps, 'domain' | 'clock'>, leave: () => void) {
    this.#reader = reader;
    this.#deps = deps;
    this.#leave = leave;
  }

  get nextId(): number {
    return this.#reader.nextId;
  }

  get allowed(): readonly string[] | undefined {
    return this.#reader.allowed;
  }

  async list(fromId: number, limit: number): Promise<StoredUpdate[]> {
    this.#reader.checkOwned();
    const { waiting, botId } = this.#reader;
    const ids = waiting.idsFrom(fromId, limit, this.#deps.clock.now());
    if (ids.length === 0) return [];
    const recent = waiting.findRecent(ids);
    if (recent !== undefined) return recent;
    const last = ids.at(-1)!;
    // Single updates between them may be confirmed and still be stored.
    const stored = await this.#deps.domain.botUpdates.list(botId, ids[0]!, limit + waiting.confirmed.ids.length);
    // The cast is safe: only updates of these kinds are stored.
    return stored.filter(({ id }) => id <= last && waiting.has(id)) as StoredUpdate[];
  }

  async confirmBefore(id: number): Promise<void> {
    this.#reader.checkOwned();
    this.#reader.waiting.confirmBefore(Math.min(id, this.nextId));
    // There may be room again.
    this.#reader.wake();
  }

  async confirm(ids: readonly number[]): Promise<void> {
    this.#reader.checkOwned();
    this.#reader.waiting.confirm(ids);
    this.#reader.wake();
  }

  async keepLast(count: number): Promise<void> {
    for (;;) {
      await this.#reader.caughtUp();
      const { waiting } = this.#reader;
      if (waiting.size <= count) return;
      waiting.confirmBefore(waiting.idOfLast(count, this.nextId));
      if (!this.#reader.hasUnread) return;
    }
  }

  drop(): Promise<void> {
    return this.#reader.drop();
  }

  async count(): Promise<number> {
    this.#reader.checkOwned();
    return this.#reader.waiting.size;
  }

  onArrival(listener: () => void): Disposable {
    return this.#reader.onArrival(listener);
  }

  async setAllowed(names: readonly string[] | undefined): Promise<void> {
    if (JSON.stringify(names) !== JSON.stringify(this.allowed)) await this.#reader.setAllowed(names);
  }

  [Symbol.dispose](): void {
    this.#leave?.();
    this.#leave = undefined;
  }
}
