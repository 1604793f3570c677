import type { Bus } from '@aerogram/bus';
import { markPeer } from '@aerogram/cluster';
import { type Clock, RecentMap } from '@aerogram/runtime';

import { type AccountHint, onAccountHint } from '../shared/index.ts';
import type { FileOrigin } from './file-reference.ts';

/** Maximum number of rights that are cached. */
const RIGHTS_MAX = 20_000;
/** How long a right is cached, and so how long it may outlive its loss if no hint tells of that, in milliseconds. */
const RIGHT_MS = 2000;
/** Of how many users and peers it is kept that something was decided about them. */
const DECIDED_MAX = 20_000;

/** The right of somebody to read a file at an origin. */
export interface FileRight {
  /** Monotonic time before it was read, in milliseconds. */
  atMs: number;
  /** Nothing of the origin may be forwarded or copied. */
  isProtected: boolean;
}

/** The origins that a right is cached for. */
type Origin = Exclude<FileOrigin, { kind: 'upload' }>;

/**
 * Rights to files that were read in the last two seconds. A right counts no more when something was decided since about the viewer, or about whom the file belongs
 * to: all of them are not looked through then, because a busy server decides often.
 */
export class FileRights implements Disposable {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #rights = new RecentMap<string, FileRight>(RIGHTS_MAX);
  /** When something was last decided, by marked id. */
  readonly #decided = new Map<bigint, number>();
  #clearedMs = -1;
  readonly #subscriptions: readonly Disposable[];

  constructor({ bus, clock }: { bus: Bus; clock: Pick<Clock, 'monotonicMs'> }) {
    this.#clock = clock;
    this.#subscriptions = [onAccountHint(bus, (hint) => this.#decide(partiesOf(hint))), bus.onReconnect(() => this.#clear())];
  }

  /** @param file its kind and id */
  find(viewerId: bigint, file: string, origin: Origin): FileRight | undefined {
    const right = this.#rights.get(keyOf(viewerId, file, origin));
    if (right === undefined || this.#clock.monotonicMs() - right.atMs >= RIGHT_MS || right.atMs <= this.#clearedMs) return undefined;
    const owner = ownerOf(origin);
    return this.#isDecided(viewerId, right.atMs) || (owner !== undefined && this.#isDecided(owner, right.atMs)) ? undefined : right;
  }

  /** Keeps a right. It may have been decided meanwhile: {@link FileRights.find} compares the times. */
  keep(viewerId: bigint, file: string, { origin, right }: { origin: Origin; right: FileRight }): void {
    this.#rights.set(keyOf(viewerId, file, origin), right);
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }

  #isDecided(id: bigint, atMs: number): boolean {
    return (this.#decided.get(id) ?? -1) >= atMs;
  }

  #decide(ids: readonly bigint[]): void {
    if (ids.length === 0) return;
    const nowMs = this.#clock.monotonicMs();
    for (const id of ids) {
      // Again at the end, so that the oldest come first.
      this.#decided.delete(id);
      this.#decided.set(id, nowMs);
    }
    for (const [id, atMs] of this.#decided) {
      if (nowMs - atMs < RIGHT_MS) break;
      this.#decided.delete(id);
    }
    if (this.#decided.size > DECIDED_MAX) this.#clear();
  }

  #clear(): void {
    this.#rights.clear();
    this.#decided.clear();
    // Rights that are being read now do not count either.
    this.#clearedMs = this.#clock.monotonicMs();
  }
}

function keyOf(viewerId: bigint, file: string, origin: Origin): string {
  const { kind, ...place } = origin;
  return [viewerId, file, kind, ...Object.values<bigint | number | string>(place)].join(':');
}

/** Whose decisions count for an origin besides those of the viewer, as a marked id. */
function ownerOf(origin: Origin): bigint | undefined {
  if (origin.kind === 'post' || origin.kind === 'log') return markPeer({ _: 'peerChannel', channel_id: origin.channelId });
  if (origin.kind === 'kept') return origin.ownerId;
  return origin.kind === 'scheduled' ? origin.peerId : undefined;
}

/** The users and peers whose files others may have lost. */
function partiesOf(hint: AccountHint): readonly bigint[] {
  switch (hint.kind) {
    case 'user':
    case 'privacy':
    case 'settings':
      return [hint.userId];
    case 'relation':
      return hint.userIds;
    case 'chat':
      return [hint.markedId, ...hint.userIds];
    case 'deleted':
      return hint.ownerIds;
    default:
      return [];
  }
}
