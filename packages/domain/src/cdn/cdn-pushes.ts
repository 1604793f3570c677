import type { CdnNodes, KnownNode, PushOutcome } from '@aerogram/cdn-origin';
import { type CdnFileKey, cryptPart, WINDOW_BYTES, windowLength } from '@aerogram/cdn-protocol';
import { freeBytes } from '@aerogram/crypto';
import { ByteBudget, type Clock, type Logger, RecentMap, waitForRoom } from '@aerogram/runtime';

/** A file to push. */
export interface PushedFile {
  /** Its name at the node. */
  fileId: Uint8Array;
  /** Bytes. */
  size: number;
  key: CdnFileKey;
  /** Reads the plain bytes of a part, which belong to the caller. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

/** Bytes of windows that one process holds, plain and encrypted. Nodes share the room evenly, so that one that does not answer leaves room for pushes to the others. */
const ROOM_BYTES = 32 * 1024 * 1024;
/** Calls that wait for room among these bytes, at most. */
const MAX_WAITING = 64;
/** How long a call waits for room, in milliseconds. */
const MAX_WAIT_MS = 10_000;
/** Windows after the one asked for that are pushed in the background. */
const AHEAD = 3;
/** Files for which this happens at the same time. */
const AHEAD_MAX = 4;
/** A client that asks for a window again within this time, in milliseconds, got its answer late: the window is there, and need not be pushed again. */
const FRESH_MS = 5000;
/** A window that was pushed within this time, in milliseconds, is not pushed ahead again: nodes keep windows much longer. */
const AHEAD_FRESH_MS = 60_000;
/** Pushes that are remembered. */
const DONE_MAX = 20_000;

/** Pushes windows of files to CDN nodes. Calls at the same time that need the same window wait for one push. */
export class CdnPushes implements AsyncDisposable {
  readonly #nodes: CdnNodes;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #room = new ByteBudget(ROOM_BYTES);
  readonly #running = new Map<string, Promise<PushOutcome>>();
  readonly #done = new RecentMap<string, { atMs: number; date: number }>(DONE_MAX);
  /** Files whose next windows are being pushed. */
  readonly #ahead = new Map<string, Promise<void>>();
  #isEnding = false;

  constructor(nodes: CdnNodes, { clock, log }: { clock: Clock; log: Logger }) {
    this.#nodes = nodes;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Pushes a window that a client did not get.
   * @param askedDate when the node said so, in Unix seconds: a push that ended later need not be repeated
   * @throws the error of `file.read`
   */
  async push(node: KnownNode, file: PushedFile, window: number, askedDate: number): Promise<PushOutcome> {
    const done = this.#done.get(nameOf(node, file, window));
    if (done !== undefined && askedDate <= done.date && this.#clock.monotonicMs() - done.atMs < FRESH_MS) return 'ok';
    return this.#pushOnce(node, file, window);
  }

  /** Pushes the next windows in the background, unless enough files have that done already. */
  pushAhead(node: KnownNode, file: PushedFile, window: number): void {
    const name = nameOf(node, file, 0);
    if (this.#isEnding || this.#ahead.size >= AHEAD_MAX || this.#ahead.has(name)) return;
    const pushing = this.#pushNext(node, file, window + 1)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'a window could not be pushed ahead to a CDN node'))
      .finally(() => this.#ahead.delete(name));
    this.#ahead.set(name, pushing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await Promise.allSettled([...this.#ahead.values(), ...this.#running.values()]);
  }

  async #pushNext(node: KnownNode, file: PushedFile, first: number): Promise<void> {
    for (let window = first; window < first + AHEAD && windowLength(file.size, window) > 0 && !this.#isEnding; window++) {
      const done = this.#done.get(nameOf(node, file, window));
      if (done !== undefined && this.#clock.monotonicMs() - done.atMs < AHEAD_FRESH_MS) continue;
      if ((await this.#pushOnce(node, file, window)) !== 'ok') return;
    }
  }

  #pushOnce(node: KnownNode, file: PushedFile, window: number): Promise<PushOutcome> {
    const name = nameOf(node, file, window);
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const push = this.#pushNow(node, file, window)
      .then((outcome) => {
        if (outcome === 'ok') this.#done.set(name, { atMs: this.#clock.monotonicMs(), date: this.#clock.now() });
        return outcome;
      })
      .finally(() => this.#running.delete(name));
    this.#running.set(name, push);
    return push;
  }

  async #pushNow(node: KnownNode, file: PushedFile, window: number): Promise<PushOutcome> {
    if (this.#room.waiting >= MAX_WAITING && this.#room.heldBy(node.id) > 0) return 'full';
    const length = windowLength(file.size, window);
    const leave = await waitForRoom(this.#room, { clock: this.#clock, owner: node.id, bytes: 2 * length, maxWaitMs: MAX_WAIT_MS });
    if (leave === undefined) return 'full';
    try {
      const offset = window * WINDOW_BYTES;
      const plain = await file.read(offset, length);
      const ciphertext = cryptPart(file.key, offset, plain);
      freeBytes(plain);
      return await this.#nodes.pushWindow(node, { fileId: file.fileId, window, size: file.size }, ciphertext);
    } finally {
      leave();
    }
  }
}

function nameOf(node: KnownNode, { fileId }: PushedFile, window: number): string {
  return `${node.id}:${Buffer.from(fileId).toString('hex')}:${window}`;
}
