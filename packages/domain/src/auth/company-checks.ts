import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import { enterAgainNotice, type ServiceChat } from '../service/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type CompanyAccountRow, listDueAccounts, saveCompanyAccount } from './company-account-store.ts';
import { openToken, sealToken } from './company-token.ts';
import { deleteSessionsOf } from './company-session-store.ts';

/**
 * What the provider answers to a refresh token. `valid`: the person may log in; `refreshToken` replaces the one that was used. `revoked`: `invalid_grant`, the token is worth nothing.
 * `foreign`: it belongs to another client of the provider, which this server was before. `unused`: it was not used, because the provider could not be reached or refused something else. `unknown`: nobody can say whether it was used.
 */
export type RefreshAnswer = { kind: 'valid'; refreshToken: string | undefined } | { kind: 'revoked' } | { kind: 'foreign' } | { kind: 'unused'; reason: string } | { kind: 'unknown'; reason: string };

/** What came of a check. `skipped`: another process does it, or the person has logged in again meanwhile. */
export type CheckOutcome = 'valid' | 'ended' | 'unsure' | 'unused' | 'unknown' | 'skipped';

/** For so many seconds, a check that another process has begun is left to it. Longer than a provider is waited for. */
const CLAIM_S = 120;

/** After so many seconds a check is repeated that the provider has not answered, unless the interval is shorter. */
const RETRY_S = 300;

/** Logs out the devices of a person whom the provider does not let in any more. @param endSessions undefined in a process that only orders */
export function createCompanyEndJob(endSessions: ((userId: bigint) => Promise<void>) | undefined) {
  return defineJobKind<Record<string, never>>({ kind: 'end-company-account', codec: jsonCodec(), run: (_nothing, { ownerId }) => endSessions?.(ownerId) ?? Promise.resolve() }) satisfies JobKind;
}

/** A check that has begun. */
interface BegunCheck {
  row: CompanyAccountRow & { sealed_token: Uint8Array };
  tryingDate: number;
  /** The result of an earlier use of the same token is not known. */
  isDoubtful: boolean;
}

/**
 * Checks at the provider whether people may still log in. The intent is written down before a refresh token is used, because a provider may replace it: if the process dies before the
 * new one is kept, the old one is refused though the person is welcome. So a refusal logs people out only if the result of each earlier use is known.
 */
export class CompanyChecks {
  readonly #deps: DomainDeps;
  readonly #serviceChat: ServiceChat;

  constructor(deps: DomainDeps, serviceChat: ServiceChat) {
    this.#deps = deps;
    this.#serviceChat = serviceChat;
  }

  /** Lists whom to check now, the longest due first. */
  listDue(issuer: string, limit: number): Promise<bigint[]> {
    const { db, clock } = this.#deps;
    return listDueAccounts(db, { issuer, nowDate: clock.now(), limit });
  }

  /**
   * Checks one person.
   * @param ask uses a refresh token at the provider, and never throws
   */
  async doCheck(userId: bigint, ask: (refreshToken: string) => Promise<RefreshAnswer>): Promise<CheckOutcome> {
    const { db, fileStorage, config } = this.#deps;
    const begun = await db.transact('begin-company-check', (tx) => this.#begin(tx, userId));
    if (!begun) return 'skipped';
    const settle = (answer: RefreshAnswer): Promise<CheckOutcome> => db.transact('settle-company-check', (tx) => this.#settle(tx, begun, answer));
    let token: string | undefined;
    try {
      token = await openToken(fileStorage.keys, config, begun.row.sealed_token);
    } catch (error) {
      // A master key that is missing may come back.
      this.#deps.log.error({ userId, err: error }, 'the refresh token of a person of the company cannot be read');
      return settle({ kind: 'unused', reason: 'unreadable' });
    }
    // The provider would refuse it, because the server has another client id there by now.
    const answer: RefreshAnswer = token === undefined ? { kind: 'foreign' } : await ask(token);
    const outcome = await settle(answer);
    if (outcome === 'ended') this.#deps.log.info({ event: 'company_ended', userId }, 'the provider does not let a person in any more: all devices are logged out');
    if (outcome === 'unsure') this.#deps.log.warn({ event: 'company_unsure', userId }, 'the provider refused a refresh token that may have been replaced before; the person is asked to log in again');
    if (answer.kind === 'unused' || answer.kind === 'unknown') this.#deps.log.info({ userId, reason: answer.reason }, 'a person of the company could not be checked at the provider');
    return outcome;
  }

  async #begin(tx: Tx, userId: bigint): Promise<BegunCheck | undefined> {
    const nowDate = this.#deps.clock.now();
    const row = await lockRow(tx, userId);
    if (!row || row.sealed_token === null || row.next_check_date === null || row.next_check_date > nowDate) return undefined;
    if (row.trying_date !== null && Math.abs(nowDate - row.trying_date) < CLAIM_S) return undefined;
    await saveCompanyAccount(tx, userId, { trying_date: nowDate });
    return { row: { ...row, sealed_token: row.sealed_token }, tryingDate: nowDate, isDoubtful: row.trying_date !== null };
  }

  async #settle(tx: Tx, { row: before, tryingDate, isDoubtful }: BegunCheck, answer: RefreshAnswer): Promise<CheckOutcome> {
    const { clock, config, fileStorage } = this.#deps;
    const { user_id: userId } = before;
    const nowDate = clock.now();
    const row = await lockRow(tx, userId);
    // The answer is about a token that another one has replaced.
    if (!row || row.token_seq !== before.token_seq || row.trying_date !== tryingDate) return 'skipped';
    const retry = nowDate + Math.min(RETRY_S, config.oidcCheckEveryS);
    switch (answer.kind) {
      case 'valid': {
        const { refreshToken } = answer;
        const fresh = refreshToken === undefined ? {} : { sealed_token: sealToken(fileStorage.keys, config, refreshToken), token_seq: row.token_seq + 1 };
        await saveCompanyAccount(tx, userId, { ...fresh, trying_date: null, checked_date: nowDate, next_check_date: nowDate + config.oidcCheckEveryS });
        return 'valid';
      }
      case 'unused':
        // An earlier use whose result is not known stays that.
        await saveCompanyAccount(tx, userId, { trying_date: isDoubtful ? before.trying_date : null, next_check_date: retry });
        return 'unused';
      case 'unknown':
        await saveCompanyAccount(tx, userId, { next_check_date: Math.max(retry, nowDate + CLAIM_S) });
        return 'unknown';
      case 'foreign':
      case 'revoked': {
        const state = isDoubtful || answer.kind === 'foreign' ? 'unsure' : 'ended';
        await saveCompanyAccount(tx, userId, { state, sealed_token: null, trying_date: null, next_check_date: null, token_seq: row.token_seq + 1 });
        await deleteSessionsOf(tx, userId);
        if (state === 'ended') await tx.job(createCompanyEndJob(undefined).order(userId, {}));
        else await this.#serviceChat.order(tx, userId, enterAgainNotice(config.oidcName, config.enterUrl));
        return state;
      }
    }
  }
}

function lockRow(tx: Tx, userId: bigint): Promise<CompanyAccountRow | undefined> {
  return tx.q.selectFrom('company_accounts').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst();
}
