import type { DomainDeps } from '../shared/index.ts';
import type { BotProgress, OpenedBotUpdates, StoredBotUpdate } from './bot-progress.ts';
import { listBotUpdates, readBotCursors, saveAllowedUpdates, saveBotProgress, takeBotCursor } from './bot-update-store.ts';
import { findFreshPts } from './fresh-position.ts';

/** The first update of a bot gets a random id of nine digits: at least this one, and less than ten times as much. */
const FIRST_ID = 100_000_000;

/** The updates over HTTP that wait for bots. One process at a time reads and writes those of a bot: the one that has opened them last. */
export class BotUpdates {
  readonly #deps: Pick<DomainDeps, 'db' | 'clock' | 'random'>;

  constructor(deps: Pick<DomainDeps, 'db' | 'clock' | 'random'>) {
    this.#deps = deps;
  }

  /** Begins to read the events of a bot. From now on nobody who began earlier can write. A bot that never had updates begins at the beginning of its box. */
  open(botId: bigint): Promise<OpenedBotUpdates> {
    const { db, clock, random } = this.#deps;
    const firstId = FIRST_ID + (random.uint31() % (9 * FIRST_ID));
    return db.transact('open-bot-updates', async (tx) => {
      const row = await takeBotCursor(tx, botId, firstId);
      const { waiting, channels } = await readBotCursors(tx, botId, clock.now());
      return {
        ownerEpoch: row.owner_epoch,
        nextId: row.next_id,
        reach: { pts: row.pts, looseSeq: row.loose_seq, loosePts: row.loose_pts },
        channels: new Map(channels.map((channel) => [channel.peer_id, channel.pts])),
        waiting: waiting.map((update) => ({ id: update.update_id, expires: update.expires_date })),
        allowed: row.allowed_updates ?? undefined,
      };
    });
  }

  /** Writes new updates and positions, and deletes what was confirmed. @returns false if somebody else reads the events of the bot now: then nothing is written */
  save(botId: bigint, progress: BotProgress): Promise<boolean> {
    return this.#deps.db.transact('save-bot-updates', (tx) => saveBotProgress(tx, botId, progress));
  }

  /** Notes which kinds of updates a bot wants; undefined for the default. @returns false if somebody else reads the events of the bot now */
  saveAllowed(botId: bigint, ownerEpoch: number, names: readonly string[] | undefined): Promise<boolean> {
    return this.#deps.db.transact('save-allowed-bot-updates', (tx) => saveAllowedUpdates(tx, botId, ownerEpoch, names ?? null));
  }

  /** Reads updates that have not expired, from an id on, in ascending order: at most `limit`, and about 4 MiB. */
  list(botId: bigint, fromId: number, limit: number): Promise<StoredBotUpdate[]> {
    const { db, clock } = this.#deps;
    return listBotUpdates(db, botId, { fromId, limit, nowDate: clock.now() });
  }

  /** Returns a position from which on events have to be read, if only those since a date are wanted. See {@link findFreshPts}. */
  findFreshPts(owner: bigint, range: { from: number; to: number; sinceDate: number }): Promise<number> {
    return findFreshPts(this.#deps.db, owner, range);
  }
}
