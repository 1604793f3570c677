import { memberDcOf } from '@aerogram/cluster';
import { equalBytes } from '@aerogram/crypto';
import { RecentMap } from '@aerogram/runtime';

import { hashBotSecret, readBotToken } from '../bot-rows/index.ts';
import { type BotSecretRow, findBotSecret, listEndedTokens, saveBotLogOut } from '../bots/index.ts';
import { type DomainDeps, onAccountHint, publishDecision } from '../shared/index.ts';
import { tellLogInFailure } from './log-in-events.ts';

/** What a token turned out to be. */
export type TokenJudgement = 'right' | 'revoked' | 'wrong';

/** What a token is judged by. */
type TokenRow = Pick<BotSecretRow, 'token_hash' | 'former_hash' | 'deleted'>;

/** What is kept of a bot. */
type KnownRow = TokenRow & Pick<BotSecretRow, 'logged_out_until'>;

/** Judges the secret part of a token by what is stored of the bot. Pure. @param hash of the secret part */
export function judgeToken(row: TokenRow | undefined, hash: Uint8Array): TokenJudgement {
  if (row === undefined) return 'wrong';
  if (equalBytes(row.token_hash, hash)) return row.deleted ? 'revoked' : 'right';
  return row.former_hash !== null && equalBytes(row.former_hash, hash) ? 'revoked' : 'wrong';
}

/** For how long a row that was read counts, in milliseconds, if the hint of a change is lost. */
const TRUSTED_MS = 2000;

const MAX_ROWS = 20_000;

interface Known {
  row: KnownRow;
  atMs: number;
}

type BotTokensDeps = Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'log' | 'metrics' | 'homes'>;

/** Recognises bots by the token that comes with each request, without a log-in. */
export class BotTokens implements Disposable {
  readonly #deps: BotTokensDeps;
  readonly #known = new RecentMap<bigint, Known>(MAX_ROWS);
  /** How often something was dropped. */
  #drops = 0;
  readonly #subscriptions: readonly Disposable[];

  constructor(deps: BotTokensDeps) {
    this.#deps = deps;
    this.#subscriptions = [
      onAccountHint(deps.bus, (hint) => {
        if (hint.kind === 'user') this.#drop(hint.userId);
      }),
      deps.bus.onReconnect(() => this.#drop()),
    ];
  }

  /** @returns the bot whose token this is, whether the token is right, and the hash of its secret part; undefined for what has not the form of a token */
  async find(token: string): Promise<{ botId: bigint; judgement: TokenJudgement; hash: Uint8Array } | undefined> {
    const parts = readBotToken(token);
    if (parts === undefined) return undefined;
    const { botId, plain } = parts;
    const hash = hashBotSecret(plain);
    const known = this.#recall(botId);
    if (known !== undefined && judgeToken(known, hash) === 'right') return { botId, judgement: 'right', hash };
    // What is not right by the row of before may be the new token of a bot whose hint is still on its way.
    return { botId, judgement: judgeToken(await this.#read(botId), hash), hash };
  }

  /** The data centre of a bot, if it is another one of the cluster: its tokens are judged there. Nobody is sent to one that was removed: its bots are unknown. */
  homeOf(botId: bigint): number | undefined {
    return memberDcOf(this.#deps.homes, botId);
  }

  /** Tells the log of a wrong token that came with a request. */
  noteWrong(address: string): void {
    tellLogInFailure(this.#deps, { reason: 'token', address });
  }

  /** Whether a bot has logged out of the Bot API and may not come back yet. */
  async isLoggedOut(botId: bigint): Promise<boolean> {
    const row = this.#recall(botId) ?? (await this.#read(botId));
    return row !== undefined && row.logged_out_until > this.#deps.clock.now();
  }

  /** Has all nodes refuse a bot for some seconds, or admit it again with 0. */
  doLogOut(botId: bigint, seconds: number): Promise<void> {
    const { db, bus, clock } = this.#deps;
    return db.transact('log-bot-out', async (tx) => {
      tx.afterCommit(() => {
        this.#drop(botId);
        return publishDecision(bus, { kind: 'user', userId: botId });
      });
      await saveBotLogOut(tx, botId, clock.now() + seconds);
    });
  }

  /** Whether a bot exists and is not deleted. */
  async hasBot(botId: bigint): Promise<boolean> {
    return (await findBotSecret(this.#deps.db.q, botId))?.deleted === false;
  }

  /** Reads which bots have another token by now, are deleted, or have logged out. @param tokens the bots with the hashes of the secret parts */
  async listEnded(tokens: ReadonlyMap<bigint, Uint8Array>): Promise<Map<bigint, 'revoked' | 'logged-out'>> {
    const { db, clock } = this.#deps;
    const atMs = clock.monotonicMs();
    const ended = await listEndedTokens(db, tokens, clock.now());
    // Rows with a token that is valid count as read: the next requests of these bots need no read.
    for (const [botId, hash] of tokens) {
      const known = this.#known.get(botId);
      if (known !== undefined && !ended.has(botId) && equalBytes(known.row.token_hash, hash)) known.atMs = Math.max(known.atMs, atMs);
    }
    return ended;
  }

  #recall(botId: bigint): KnownRow | undefined {
    const known = this.#known.get(botId);
    return known !== undefined && this.#deps.clock.monotonicMs() - known.atMs < TRUSTED_MS ? known.row : undefined;
  }

  /** Drops what is known of a bot, or of all. */
  #drop(botId?: bigint): void {
    this.#drops++;
    if (botId === undefined) this.#known.clear();
    else this.#known.delete(botId);
  }

  async #read(botId: bigint): Promise<KnownRow | undefined> {
    const atMs = this.#deps.clock.monotonicMs();
    const drops = this.#drops;
    const row = await findBotSecret(this.#deps.db.q, botId);
    if (row === undefined) this.#known.delete(botId);
    // What may have been read before a drop is not kept.
    else if (drops === this.#drops) this.#known.set(botId, { row: smallRowOf(row), atMs });
    return row;
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }
}

/** The part of a row that is kept, copied: a Buffer of a row keeps the kilobytes in memory of which it is a piece. Pure. */
function smallRowOf({ token_hash: hash, former_hash: former, deleted, logged_out_until }: KnownRow): KnownRow {
  return { token_hash: Uint8Array.from(hash), former_hash: former && Uint8Array.from(former), deleted, logged_out_until };
}
