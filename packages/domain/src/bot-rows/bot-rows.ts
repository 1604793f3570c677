import type { Bus } from '@aerogram/bus';
import { RecentMap } from '@aerogram/runtime';
import { type Database, defineStatement, type Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { LoadingCache, onAccountHint } from '../shared/index.ts';
import { insertBotUser } from './bot-user-store.ts';

/** What everybody may know of a bot. The token is left out, so that no cache, log or error has it. */
export type BotRow = Omit<Selectable<Tables['bots']>, 'token_hash' | 'former_hash' | 'sealed_token'>;

const readBots = defineStatement<BotRow>(
  'read_bots',
  `SELECT bot_id, owner_id, created_date, info_version, joins_groups, reads_all, inline_placeholder, inline_geo, inline_feedback, group_rights, broadcast_rights
     FROM bots WHERE bot_id = ANY ($1::bigint[])`,
);

const findPair = defineStatement<{ user_id: bigint }>('find_bot_user', 'SELECT user_id FROM bot_users WHERE bot_id = $1 AND user_id = $2');

const pairOf = (botId: bigint, userId: bigint): string => `${botId}:${userId}`;

const MAX_ROWS = 20_000;
const MAX_PAIRS = 50_000;

/** The bots of this data centre, and to whom they may write. */
export class BotRows implements Disposable {
  readonly #db: Database;
  readonly #rows: LoadingCache<bigint, BotRow>;
  /** Pairs that have a row. Rows stay, so nothing has to be taken out of this. */
  readonly #pairs = new RecentMap<string, true>(MAX_PAIRS);
  readonly #subscriptions: Disposable[];

  constructor({ db, bus }: { db: Database; bus: Bus }) {
    this.#db = db;
    this.#rows = new LoadingCache({
      maxEntries: MAX_ROWS,
      load: async (ids) => new Map((await db.run(readBots, [ids])).rows.map((row) => [row.bot_id, row])),
    });
    this.#subscriptions = [
      onAccountHint(bus, (hint) => {
        if (hint.kind === 'user') this.#rows.invalidate(hint.userId);
      }),
      bus.onReconnect(() => this.#rows.clear()),
    ];
  }

  findRow(botId: bigint): Promise<BotRow | undefined> {
    return this.#rows.get(botId);
  }

  findRows(botIds: readonly bigint[]): Promise<Map<bigint, BotRow>> {
    return this.#rows.getMany(botIds);
  }

  /** What is cached of a bot; undefined if it is not known whether there is such a row. */
  peekRow(botId: bigint): { row: BotRow | undefined } | undefined {
    return this.#rows.isKnown(botId) ? { row: this.#rows.peek(botId) } : undefined;
  }

  /** Whether a person has written to the bot or allowed it to write. */
  async mayWriteTo(botId: bigint, userId: bigint): Promise<boolean> {
    const key = pairOf(botId, userId);
    if (this.#pairs.get(key)) return true;
    const { rows } = await this.#db.run(findPair, [botId, userId]);
    if (rows.length === 0) return false;
    this.#pairs.set(key, true);
    return true;
  }

  /** Notes that a person has written to the bot or allowed it to write. Idempotent. */
  async doNoteUser(botId: bigint, userId: bigint, nowDate: number): Promise<void> {
    if (await this.mayWriteTo(botId, userId)) return;
    await this.#db.transact('note-bot-user', (tx) => insertBotUser(tx, botId, userId, nowDate));
    this.#pairs.set(pairOf(botId, userId), true);
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }
}
