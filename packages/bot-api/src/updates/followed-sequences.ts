import type { BoxHint, BoxPosition } from '@aerogram/domain';

import type { ChannelWatch } from './channel-watch.ts';
import { ChannelSequence, type SequenceDeps } from './read-sequences.ts';

interface Followed {
  sequence: ChannelSequence;
  watching: Disposable;
}

export interface FollowedOptions {
  watch: ChannelWatch;
  /** How far channels were read before, by marked id. */
  stored: ReadonlyMap<bigint, number>;
  /** Called when there is something to read. */
  wake(): void;
  /** Whether what hints tell will be read soon. */
  keeps(): boolean;
}

const NONE_STORED: ReadonlyMap<bigint, number> = new Map();

/** The events of the channels that a bot is in. */
export class FollowedSequences implements Disposable {
  readonly #deps: SequenceDeps;
  readonly #options: Omit<FollowedOptions, 'stored'>;
  /** By marked id. */
  readonly #followed = new Map<bigint, Followed>();
  /** Those with something to read, by marked id. */
  readonly #news = new Map<bigint, ChannelSequence>();
  /** Those whose positions are not stored. */
  readonly #moved = new Set<ChannelSequence>();
  /** Channels in which the bot is no more. */
  readonly #ended = new Set<bigint>();
  /** Whether the bot may have joined or left channels. */
  isStale = true;
  #isDisposed = false;
  /** See {@link FollowedOptions.stored}; nothing once they are followed. */
  #stored: ReadonlyMap<bigint, number>;

  constructor(deps: SequenceDeps, { stored, ...options }: FollowedOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#stored = stored;
  }

  get hasNews(): boolean {
    return this.isStale || this.#news.size > 0;
  }

  /** Number of events that were read since the positions were stored. */
  get unsaved(): number {
    let sum = 0;
    for (const { unsaved } of this.#moved) sum += unsaved;
    return sum;
  }

  /** Takes those that have something to read, one after the other. Whoever stops in between leaves the others. */
  *withNews(): Generator<ChannelSequence> {
    for (const [peerId, sequence] of Array.from(this.#news)) {
      yield sequence;
      if (sequence.unsaved > 0) this.#moved.add(sequence);
      if (!sequence.hasNews) this.#news.delete(peerId);
    }
  }

  /** Reads which channels the bot is in, if that may have changed. Those that it has joined are read from then on. */
  async refresh(): Promise<void> {
    if (!this.isStale) return;
    this.isStale = false;
    const { channelUpdates } = this.#deps.domain;
    const joined = new Map((await channelUpdates.listFollowed(this.#deps.botId)).map(({ peerId, joinedPts }) => [peerId, joinedPts]));
    for (const peerId of [...this.#followed.keys(), ...this.#stored.keys()]) if (!joined.has(peerId)) this.#end(peerId);
    const fresh: ChannelSequence[] = [];
    for (const [peerId, joinedPts] of joined) {
      const known = this.#followed.get(peerId);
      // The bot may have left meanwhile, and come again.
      if (known !== undefined) this.#skip(known.sequence, joinedPts);
      else fresh.push(this.#follow(peerId, joinedPts));
    }
    this.#stored = NONE_STORED;
    // Read after the subscriptions, so that no event is missed in between.
    const positions = await channelUpdates.readPositions(fresh.map(({ peerId }) => peerId));
    for (const sequence of fresh) await this.#skipOld(sequence, positions.get(sequence.peerId)?.pts ?? 1);
  }

  /** Goes to the end of all channels without reading. */
  async skipAll(): Promise<void> {
    await this.refresh();
    const positions = await this.#deps.domain.channelUpdates.readPositions([...this.#followed.keys()]);
    for (const [peerId, { sequence }] of this.#followed) {
      this.#skip(sequence, positions.get(peerId)?.pts ?? 1);
      if (!sequence.hasNews) this.#news.delete(peerId);
    }
  }

  /** Positions that are not stored, and the channels whose positions are to be deleted. */
  unsavedPositions(): { channels: Map<bigint, number>; ended: bigint[] } {
    const channels = new Map<bigint, number>();
    for (const { peerId, pts } of this.#moved) if (this.#followed.has(peerId)) channels.set(peerId, pts);
    return { channels, ended: [...this.#ended] };
  }

  saved(channels: ReadonlyMap<bigint, number>, ended: readonly bigint[]): void {
    for (const sequence of this.#moved) if (channels.get(sequence.peerId) === sequence.pts) sequence.unsaved = 0;
    this.#moved.clear();
    for (const peerId of ended) this.#ended.delete(peerId);
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const { watching } of this.#followed.values()) watching[Symbol.dispose]();
    this.#followed.clear();
    this.#news.clear();
  }

  #follow(peerId: bigint, joinedPts: number): ChannelSequence {
    const { watch, keeps } = this.#options;
    this.#ended.delete(peerId);
    const sequence = new ChannelSequence(this.#deps, peerId, Math.max(joinedPts, this.#stored.get(peerId) ?? 0));
    const noteNews = (): void => {
      if (!sequence.hasNews || this.#isDisposed) return;
      this.#news.set(peerId, sequence);
      this.#options.wake();
    };
    const watching = watch.watch(peerId, {
      hinted(hint: BoxHint) {
        sequence.hint(hint, keeps());
        noteNews();
      },
      moved(position: BoxPosition) {
        sequence.moved(position);
        noteNews();
      },
    });
    this.#followed.set(peerId, { sequence, watching });
    return sequence;
  }

  #skip(sequence: ChannelSequence, pts: number): void {
    sequence.skipTo(pts);
    if (sequence.unsaved > 0) this.#moved.add(sequence);
  }

  async #skipOld(sequence: ChannelSequence, pts: number): Promise<void> {
    await sequence.skipOld(pts);
    if (sequence.hasNews) this.#news.set(sequence.peerId, sequence);
  }

  #end(peerId: bigint): void {
    this.#followed.get(peerId)?.watching[Symbol.dispose]();
    this.#followed.delete(peerId);
    this.#news.delete(peerId);
    this.#ended.add(peerId);
  }
}
