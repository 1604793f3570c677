import { type RpcError, rpcError } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { type DomainDeps, useQuota } from '../shared/index.ts';
import { keptSecondsOf } from '../blobs/index.ts';
import { countUnsent, forgetUncounted, lockUploader } from './unsent-store.ts';

/** How long somebody with too many unsent files should wait, in seconds, if none of them is sent. */
const WAIT_S = 600;
/** A look-up reads as many rows as a user may have, and so many more: it finds room, or leaves some rows out for the next call, or shows that the limit is reached. */
const ROWS_SLICE = 2000;
/** After so many look-ups that found no room, further calls of this user are refused without one, until {@link LOOK_UPS_MS} are over. */
const LOOK_UPS_MAX = 3;
/** For how long look-ups are counted, in milliseconds. */
const LOOK_UPS_MS = 5000;
/** Users whose look-ups in vain are counted. */
const USERS_MAX = 10_000;

/** Documents that a user is to have besides those that are counted. */
export interface WantedRoom {
  documents: number;
  bytes: number;
}

/** How many look-ups of a user have found no room since a time. */
interface VainLookUps {
  sinceMs: number;
  count: number;
}

type Deps = Pick<DomainDeps, 'db' | 'clock'> & { config: Pick<DomainDeps['config'], 'unsentFilesMax' | 'unsentFileBytes' | 'walArchiveDays'> };

/**
 * The limit of documents that no message refers to, because they were not sent or were deleted again: they are kept for a week, and without a limit
 * they could fill the store. A call that is refused costs the database only a bounded amount of work, because clients repeat it.
 */
export class UnsentLimit {
  readonly #deps: Deps;
  readonly #vain = new RecentMap<bigint, VainLookUps>(USERS_MAX);

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Finds out whether a user may have another document. This comes before the bytes are stored; {@link UnsentLimit.check} decides. If there seem to be
   * too many, it notes which of them are in messages.
   * @param size of the new content in bytes
   * @returns FLOOD_WAIT_%d if the user may not
   */
  async doFindRefusal(userId: bigint, size: number): Promise<RpcError | undefined> {
    useQuota('unsentFiles');
    const { db } = this.#deps;
    const wanted = { documents: 1, bytes: size };
    if (!(await this.#isOver(db, userId, wanted))) return undefined;
    const hasRoom =
      this.#mayLookUp(userId) &&
      (await db.transact('forget-sent-files', async (tx) => {
        await lockUploader(tx, userId);
        return this.#findRoom(tx, userId, wanted);
      }));
    return hasRoom ? undefined : rpcError('FLOOD_WAIT_%d', WAIT_S);
  }

  /**
   * Checks in the transaction that adds a document whether its uploader may have it, so that calls at the same time cannot exceed the limit together.
   * The uploader must be locked.
   * @param size of the document in bytes
   * @param later what must find room after it
   * @throws RpcError FLOOD_WAIT_%d
   */
  async check(tx: Tx, userId: bigint, size: number, later: WantedRoom = { documents: 0, bytes: 0 }): Promise<void> {
    if (!(await this.#findRoom(tx, userId, { documents: 1 + later.documents, bytes: size + later.bytes }))) throw rpcError('FLOOD_WAIT_%d', WAIT_S);
  }

  async #isOver(db: Pick<Database, 'run'>, userId: bigint, wanted: WantedRoom): Promise<boolean> {
    const { unsentFilesMax, unsentFileBytes } = this.#deps.config;
    const { documents, bytes } = await countUnsent(db, userId, unsentFilesMax);
    return documents + wanted.documents > unsentFilesMax || bytes + BigInt(wanted.bytes) > BigInt(unsentFileBytes);
  }

  /** Whether there is room, perhaps after a look-up. The uploader must be locked, so that one call at a time looks up. */
  async #findRoom(tx: Tx, userId: bigint, wanted: WantedRoom): Promise<boolean> {
    if (!(await this.#isOver(tx, userId, wanted))) return true;
    if (!this.#mayLookUp(userId)) return false;
    const { clock, config } = this.#deps;
    await forgetUncounted(tx, userId, { madeAfterDate: clock.now() - keptSecondsOf(config), limit: config.unsentFilesMax + ROWS_SLICE });
    if (!(await this.#isOver(tx, userId, wanted))) return true;
    this.#noteVain(userId);
    return false;
  }

  #mayLookUp(userId: bigint): boolean {
    const vain = this.#vain.get(userId);
    return vain === undefined || vain.count < LOOK_UPS_MAX || this.#deps.clock.monotonicMs() - vain.sinceMs >= LOOK_UPS_MS;
  }

  #noteVain(userId: bigint): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const vain = this.#vain.get(userId);
    if (vain === undefined || nowMs - vain.sinceMs >= LOOK_UPS_MS) this.#vain.set(userId, { sinceMs: nowMs, count: 1 });
    else vain.count++;
  }
}
