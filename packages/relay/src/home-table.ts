import { dcOfPeer } from '@aerogram/cluster';
import { OperatorError } from '@aerogram/runtime';
import { type Database, type HomeRow, listHomes, readStreamEpoch, readWaiting, type WaitingFrames } from '@aerogram/storage';
import type { HomeProof } from './sessions/tls.ts';

/** How much may wait for one home. */
export interface WaitingLimits {
  linkFramesMax: number;
  linkBytesMax: number;
  /** Bytes of frames that are kept for a restore after they were applied: so many of those from the home, and so many of those sent to it. */
  linkKeptBytesMax: number;
}

/** The part of the limits from which a home is behind. One that keeps up has less waiting, also under load. */
const BEHIND = 1 / 100;

/** What the database says of the homes, as it was read last. */
export class HomeTable {
  readonly #db: Database;
  readonly #own: number;
  readonly #limits: WaitingLimits;
  #rows: ReadonlyMap<number, HomeRow> = new Map();
  #members: readonly number[] = [];
  #waiting: ReadonlyMap<number, WaitingFrames> = new Map();
  /** Commits of this process with frames since the figures were read. */
  #written = new Map<number, number>();
  #epoch = 0n;
  #ofNames = 0;
  #dcs: readonly number[] = [];

  private constructor(db: Database, own: number, limits: WaitingLimits) {
    this.#db = db;
    this.#own = own;
    this.#limits = limits;
  }

  /** Reads the table. @throws OperatorError if it is about another home */
  static async open(db: Database, own: number, limits: WaitingLimits): Promise<HomeTable> {
    const table = new HomeTable(db, own, limits);
    await table.read();
    return table;
  }

  /** Reads the table again. @returns whether frames are written in another epoch than before */
  async read(): Promise<boolean> {
    const before = this.#epoch;
    const rows = await listHomes(this.#db);
    const stated = rows.find(({ is_own }) => is_own)?.dc ?? this.#own;
    if (stated !== this.#own) throw new OperatorError(`the database is that of data centre ${stated}, and the directory of keys that of ${this.#own}`);
    this.#rows = new Map(rows.filter(({ is_own }) => !is_own).map((row) => [row.dc, row]));
    this.#dcs = [...this.#rows.keys()];
    this.#members = [...this.#rows.values()].filter(({ state }) => state !== 'removed').map(({ dc }) => dc);
    this.#ofNames = rows.find(({ of_names }) => of_names)?.dc ?? this.#own;
    this.#written = new Map();
    this.#waiting = await readWaiting(this.#db);
    this.#epoch = await readStreamEpoch(this.#db);
    return before !== 0n && before !== this.#epoch;
  }

  /** The DC that decides names. */
  get ofNames(): number {
    return this.#ofNames;
  }

  /** The rows of the other homes, also of those that were removed. */
  get rows(): readonly HomeRow[] {
    return [...this.#rows.values()];
  }

  /** The DCs of the others, without those that were removed. */
  get members(): readonly number[] {
    return this.#members;
  }

  /** See `OtherHomes.dcOf`. Who lived at a home that was removed still does not live here. */
  dcOf(peerId: bigint): number | undefined {
    return dcOfPeer(peerId, this.#dcs);
  }

  /** Whether a link to the home is wanted. */
  isWanted(dc: number): boolean {
    return this.#rows.get(dc)?.state === 'joined';
  }

  /** Whether the certificate of a home is still good: it begins no earlier than the date up to which those of that home were revoked. */
  isGood({ dc, start }: HomeProof): boolean {
    return start >= (this.#rows.get(dc)?.certificates_from ?? 0);
  }

  /** See `OtherHomes.isFull`. */
  isFull(dc: number): boolean {
    return !this.#members.includes(dc) || this.#hasWaiting(dc, 1);
  }

  /** See `OtherHomes.isBehind`. */
  isBehind(dc: number): boolean {
    return this.#hasWaiting(dc, BEHIND);
  }

  /** Whether a part of what may wait for a home does. */
  #hasWaiting(dc: number, part: number): boolean {
    const { frames, bytes } = this.waiting(dc);
    return frames >= this.#limits.linkFramesMax * part || bytes >= this.#limits.linkBytesMax * part;
  }

  /** How much waits for a home, about: what was written since the last reading is taken to be like the rest. */
  waiting(dc: number): WaitingFrames {
    const { frames, bytes } = this.#waiting.get(dc) ?? { frames: 0, bytes: 0 };
    const written = this.#written.get(dc) ?? 0;
    return { frames: frames + written, bytes: bytes + (frames > 0 ? written * (bytes / frames) : 0) };
  }

  /** Counts a commit of this process with frames for a home. */
  wrote(dc: number): void {
    this.#written.set(dc, (this.#written.get(dc) ?? 0) + 1);
  }
}
