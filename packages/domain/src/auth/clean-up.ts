import { sql, type Database } from '@aerogram/storage';
import type { Clock, Logger } from '@aerogram/runtime';

import type { DomainConfig } from '../shared/index.ts';
import { deleteOldAdminRows } from './admin-store.ts';
import { deleteExpiredKeys, deleteGuestKeys } from './auth-key-store.ts';
import { endAuthorizations, endWaiting } from './authorization-store.ts';
import { deleteOldCompanyRows } from './company-session-store.ts';
import { ATTEMPT_LIFE_S, SESSION_LIFE_S, WEB_TOKEN_LIFE_S } from './company-sessions.ts';
import { deleteOldEmailCodes } from './email-code-store.ts';
import { deleteOldInvitationLinks } from './invitation-link-store.ts';
import type { KeyStates } from './key-state.ts';
import { deleteOldCodes } from './login-code-store.ts';
import { deleteOldChallenges } from './password-store.ts';
import { deleteOldTakeouts } from './takeout-store.ts';
import { TAKEOUT_OPEN_S } from './takeouts.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** Seconds after which a log-in that waits for the password is ended. */
const PENDING_S = DAY_S;
/** Maximum number of devices or accounts ended per transaction, so that transactions stay short (rule S13, short transactions). */
const SLICE = 200;

/** Deletes what has expired. */
export interface CleanUp {
  /** Deletes expired keys, codes, challenges and unfinished log-ins. */
  doDropExpired(): Promise<void>;
  /** Deletes permanent keys without a user that were inactive for the configured number of days, with the temporary keys bound to them. */
  doDropGuestKeys(): Promise<void>;
  /** Logs out devices that were inactive for as long as their users' settings say. */
  doEndIdleDevices(): Promise<void>;
  /** Lists accounts that were inactive for as long as their owners' settings say, up to one slice. */
  listIdleAccounts(): Promise<bigint[]>;
}

/** Creates the clean-up operations. Several processes may run them at the same time. */
export function createCleanUp(deps: {
  db: Database;
  clock: Clock;
  /**
   * Real time. It decides when keys expire, and which devices and accounts have not been used for too long: a test that moves `clock` by years must not delete
   * the people of the test.
   */
  sessionClock: Clock;
  log: Logger;
  states: KeyStates;
  config: Pick<DomainConfig, 'guestKeyDays' | 'takeoutDelay'>;
}): CleanUp {
  const { db, clock, sessionClock, log, states, config } = deps;
  return {
    async doDropExpired() {
      const nowDate = clock.now();
      const gone = await db.transact('clean-up-keys', async (tx) => {
        await deleteOldCodes(tx, nowDate - DAY_S);
        await deleteOldChallenges(tx, nowDate - HOUR_S);
        await deleteOldEmailCodes(tx, nowDate);
        await deleteOldAdminRows(tx, nowDate);
        await deleteOldInvitationLinks(tx, nowDate);
        await deleteOldTakeouts(tx, nowDate - config.takeoutDelay - TAKEOUT_OPEN_S);
        await deleteOldCompanyRows(tx, { attempts: nowDate - ATTEMPT_LIFE_S, sessions: nowDate - SESSION_LIFE_S, tokens: nowDate - WEB_TOKEN_LIFE_S });
        const waiting = await tx.q
          .selectFrom('auth_keys')
          .select(['auth_key_id', 'pending_user_id'])
          .where('pending_user_id', 'is not', null)
          .where('pending_date', '<', nowDate - PENDING_S)
          .limit(SLICE)
          .execute();
        const ended: bigint[] = [];
        for (const key of waiting) ended.push(...(await endWaiting(tx, key.pending_user_id!, { authKeyId: key.auth_key_id })));
        return [...ended, ...(await deleteExpiredKeys(tx, sessionClock.now()))];
      });
      await states.keysDecided(gone, 'ended');
    },

    async doDropGuestKeys() {
      if (config.guestKeyDays === 0) return;
      const beforeDate = sessionClock.now() - config.guestKeyDays * DAY_S;
      for (;;) {
        const gone = await db.transact('drop-guest-keys', (tx) => deleteGuestKeys(tx, beforeDate, SLICE));
        if (gone.length === 0) return;
        await states.keysDecided(gone, 'ended');
      }
    },

    async doEndIdleDevices() {
      for (;;) {
        const nowDate = sessionClock.now();
        const { rows } = await sql<{ user_id: bigint; auth_key_id: bigint; hash: bigint }>`
          SELECT a.user_id, a.auth_key_id, a.hash FROM authorizations a LEFT JOIN account_security s ON s.user_id = a.user_id
          WHERE a.main_auth_key_id IS NULL
            AND a.active_date < ${nowDate}::int4 - COALESCE(s.authorization_ttl_days, 183) * ${DAY_S}::int4
          LIMIT ${SLICE}`.execute(db.q);
        if (rows.length === 0) return;
        const gone = await db.transact('end-idle-devices', async (tx) => {
          const ended: bigint[] = [];
          for (const { user_id: userId, auth_key_id, hash } of rows) {
            const keys = await endAuthorizations(tx, userId, [auth_key_id], { nowDate, revoked: true });
            ended.push(...keys);
            // Empty if another process ended the device first.
            if (keys.length > 0) tx.afterCommit(() => log.info({ userId, authorization: hash }, 'an idle device was logged out'));
          }
          return ended;
        });
        await states.keysDecided(gone, 'ended');
      }
    },

    async listIdleAccounts() {
      const nowDate = sessionClock.now();
      const { rows } = await sql<{ user_id: bigint }>`
        SELECT u.user_id FROM users u LEFT JOIN account_security s ON s.user_id = u.user_id
        WHERE NOT u.deleted AND NOT u.bot AND NOT u.support AND u.phone IS NOT NULL
          AND GREATEST(u.created_date, u.online_date) < ${nowDate}::int4 - COALESCE(s.account_ttl_days, 548) * ${DAY_S}::int4
          AND NOT EXISTS (
            SELECT FROM authorizations a WHERE a.user_id = u.user_id
               AND a.active_date >= ${nowDate}::int4 - COALESCE(s.account_ttl_days, 548) * ${DAY_S}::int4)
        ORDER BY u.user_id LIMIT ${SLICE}`.execute(db.q);
      return rows.map((row) => row.user_id);
    },
  };
}
