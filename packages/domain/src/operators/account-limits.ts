import { SERVICE_USER_IDS } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import { type Database, defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import { isLimitedAt, NO_END } from '../moderation/index.ts';
import { cleanLine, findUserRows, type UserRow } from '../peers/index.ts';
import { limitLiftedNotice, limitNotice, type ServiceChat } from '../service/index.ts';
import type { KeyedMac } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { keepLimit, saveAccountLimit, takeKeptLimit } from './marks-store.ts';
import type { AccountLimit } from './operator-command.ts';
import { doOrderCommand } from './order-command.ts';

/** Maximum length of the reason that a limited account is told, in UTF-16 units. */
export const LIMIT_REASON_MAX = 256;

/**
 * Orders that an account is limited, which the running server or the next one carries out, and records it.
 * @param limit undefined lifts the limit
 * @returns the id of the entry in the operator log, and the order in words
 * @throws Error in words if the reason is too long or the end has passed, or the account belongs to the server
 */
export async function orderAccountLimit(db: Database, userId: bigint, limit: AccountLimit | undefined, nowDate: number): Promise<{ entryId: bigint; what: string }> {
  if (SERVICE_USER_IDS.has(userId)) throw new Error(`account ${userId} belongs to the server itself`);
  const checked = limit && { untilDate: Math.min(limit.untilDate, NO_END), reason: cleanLine(limit.reason) };
  if (checked !== undefined && checked.reason.length > LIMIT_REASON_MAX) throw new Error(`a reason has at most ${LIMIT_REASON_MAX} characters`);
  if (checked !== undefined && checked.untilDate <= nowDate) throw new Error('a limit must end in the future');
  const what = checked === undefined ? `lift the limit of account ${userId}` : `limit account ${userId} ${describeLimit(checked)}`;
  return { entryId: await doOrderCommand(db, { kind: 'limit', peerId: userId, limit: checked }, what, nowDate), what };
}

/** A limit in words: `until 2026-01-31T18:00:00Z: spam`. Pure. */
export function describeLimit({ untilDate, reason }: AccountLimit): string {
  const until = untilDate === NO_END ? 'until it is lifted' : `until ${new Date(untilDate * 1000).toISOString().replace('.000', '')}`;
  return reason === '' ? until : `${until}: ${reason}`;
}

/** Limits of accounts, as the server carries them out. */
export interface AccountLimits {
  /**
   * Limits an account or lifts its limit, and tells its user in the service chat. A repeat changes nothing and tells nothing.
   * @returns what came of it, in words
   * @throws RpcError 400 USER_ID_INVALID
   */
  doLimit(userId: bigint, limit: AccountLimit | undefined): Promise<string>;
  /** Notes, before an account ends, that its limit holds for whoever signs up with its number. */
  keep(tx: Tx, userId: bigint): Promise<void>;
  /** Gives an account that has just signed up the limit that was kept for its number. */
  takeOver(tx: Tx, userId: bigint): Promise<void>;
  /** Tells users that the time of their limit is over. */
  readonly jobKind: JobKind;
}

/** What limits of accounts need. */
interface AccountLimitDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  users: Pick<Users, 'userChanged'>;
  serviceChat: Pick<ServiceChat, 'order'>;
  /** Makes names of phone numbers from which these cannot be read. */
  numberMacs: Pick<KeyedMac, 'of'>;
}

/** Creates the limits of accounts. */
export function createAccountLimits({ db, clock, users, serviceChat, numberMacs }: AccountLimitDeps): AccountLimits {
  const save = async (tx: Tx, userId: bigint, limit: AccountLimit | undefined): Promise<void> => {
    await saveAccountLimit(tx, userId, { limited_until: limit?.untilDate ?? 0, limit_reason: limit?.reason ?? '' });
    tx.afterCommit(() => users.userChanged(userId));
  };
  const jobKind = defineJobKind<{ untilDate: number }>({
    kind: 'account-limit-over',
    codec: jsonCodec(),
    clockNeed: 'steady',
    run: ({ untilDate }, { ownerId: userId, done }) =>
      db.transact('end-account-limit', async (tx) => {
        await done(tx);
        await tx.lockCounters([userId]);
        const row = (await findUserRows(tx, [userId])).get(userId);
        // Another limit may have taken its place, which has a job of its own.
        if (row === undefined || row.deleted || row.limited_until !== untilDate) return;
        // The limit is not over yet, because the clock was set back: the job is ordered again.
        if (untilDate > clock.now()) return orderEnd(tx, userId, untilDate);
        await save(tx, userId, undefined);
        if (!row.bot) await serviceChat.order(tx, userId, limitLiftedNotice());
      }),
  });
  const orderEnd = (tx: Tx, userId: bigint, untilDate: number): Promise<void> => tx.job({ ...jobKind.order(userId, { untilDate }), delayMs: Math.max(0, untilDate - clock.now()) * 1000 });
  const begin = async (tx: Tx, row: UserRow, limit: AccountLimit): Promise<void> => {
    await save(tx, row.user_id, limit);
    if (limit.untilDate !== NO_END) await orderEnd(tx, row.user_id, limit.untilDate);
    if (!row.bot) await serviceChat.order(tx, row.user_id, limitNotice({ reason: limit.reason, untilDate: limit.untilDate === NO_END ? undefined : limit.untilDate }));
  };
  const macOf = (phone: string): Uint8Array => numberMacs.of(Buffer.from(phone));
  return {
    jobKind,
    async keep(tx, userId) {
      const row = (await findUserRows(tx, [userId])).get(userId);
      if (row === undefined || row.phone === null || !isLimitedAt(row, clock.now())) return;
      await keepLimit(tx, macOf(row.phone), { limited_until: row.limited_until, limit_reason: row.limit_reason }, clock.now());
    },
    async takeOver(tx, userId) {
      const row = (await findUserRows(tx, [userId])).get(userId);
      const kept = row?.phone ? await takeKeptLimit(tx, macOf(row.phone)) : undefined;
      if (kept !== undefined && isLimitedAt(kept, clock.now())) await begin(tx, row!, { untilDate: kept.limited_until, reason: kept.limit_reason });
    },
    doLimit: (userId, limit) =>
      db.transact('limit-account', async (tx) => {
        await tx.lockCounters([userId]);
        const row = (await findUserRows(tx, [userId])).get(userId);
        // The operator of another data centre limits those who live there.
        if (row === undefined || row.deleted || row.elsewhere) throw rpcError('USER_ID_INVALID');
        const isLimited = row.limited_until > clock.now();
        if (limit === undefined && !isLimited) return 'it was not limited';
        if (limit?.untilDate === row.limited_until && limit.reason === row.limit_reason) return LIMITED;
        if (limit !== undefined) {
          await begin(tx, row, limit);
          return LIMITED;
        }
        await save(tx, userId, undefined);
        if (!row.bot) await serviceChat.order(tx, userId, limitLiftedNotice());
        return 'it is no longer limited';
      }),
  };
}

const LIMITED = 'it may write only to those who know it';
