import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { dropSealedToken, lockBot } from '../bots/index.ts';
import { removeWebhook } from '../bot-webhooks/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import { Names } from '../names/index.ts';
import { deletionNotice, type ServiceChat } from '../service/index.ts';
import { allDecided, type DomainDeps, publishDecision, type UserKey } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { endAccount, forgetNumbers, freeNames } from './account-end-store.ts';
import { checkAuthorized } from './authorization-store.ts';
import type { Devices } from './devices.ts';
import type { KeyStates } from './key-state.ts';
import type { PasswordProofs, Prover } from './password-proof.ts';
import { findPassword } from './password-store.ts';
import { purgeAccountJob } from './purge-account.ts';
import { findSecurity, saveSecurity } from './security-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** The deletion of accounts. */
export interface AccountEnd {
  /**
   * Deletes the account. If it has a password and the caller does not prove it, the deletion has to wait a week, and the account's devices
   * are told. If it has no password, a device that has just logged in may not delete the account while older devices are logged in.
   * @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, SESSION_TOO_FRESH_%d, 420 2FA_CONFIRM_WAIT_%d
   */
  doDeleteAccount(prover: Prover, proof: tl.InputCheckPasswordSRP | undefined): Promise<void>;
  /**
   * Deletes an account without its owner: its names are free and its devices logged out at once, and jobs remove the rest.
   * @param why for the log; the operator also has its phone number forgotten
   * @returns false if it was deleted before
   */
  doEndAccount(userId: bigint, why: 'idle' | 'no longer needed' | 'by the operator'): Promise<boolean>;
  /** Frees the phone numbers and usernames of accounts that the caller is about to delete, at once and for all of them together. */
  doFreeNames(userIds: readonly bigint[]): Promise<void>;
  /**
   * Deletes a bot; its username is free then.
   * @param ownerId who asks; undefined: the operator
   * @throws RpcError 400 BOT_INVALID (no bot of this owner). The operator may ask again.
   */
  doDeleteBot(ownerId: bigint | undefined, botId: bigint): Promise<void>;
  /** Returns the number of days without activity after which the account is deleted. */
  findAccountTtl(userId: bigint): Promise<number>;
  /**
   * Sets the number of days without activity after which the account is deleted.
   * @throws RpcError 400 TTL_DAYS_INVALID, SESSION_TOO_FRESH_%d for a device that has just logged in while older devices are logged in
   */
  doSetAccountTtl(device: UserKey, days: number): Promise<void>;
}

const WAIT_S = 7 * 24 * 3600;
const HASH_BYTES = 16;
const MIN_TTL_DAYS = 30;
const MAX_TTL_DAYS = 730;

/** Creates the operations that delete accounts. */
export function createAccountEnd(
  deps: DomainDeps & Pick<SubjectDeps, 'cardTeller'>,
  parts: { users: Users; states: KeyStates; serviceChat: ServiceChat; proofs: PasswordProofs; devices: Devices; noteEnding: (tx: Tx, userId: bigint) => Promise<void>; orderLeaving: (tx: Tx, userId: bigint) => Promise<void> },
): AccountEnd {
  const { db, bus, clock, random, log, cardTeller } = deps;
  const names = new Names(deps);
  const { users, states, serviceChat, proofs, devices, noteEnding, orderLeaving } = parts;

  const end = async (tx: Tx, userId: bigint) => {
    await noteEnding(tx, userId);
    const ended = await endAccount(tx, userId, clock.now());
    if (!ended) return undefined;
    names.free(names.told(tx, clock.now()), undefined, userId);
    await orderLeaving(tx, userId);
    await cardTeller?.tell(tx, [userId]);
    await tx.job(purgeAccountJob.order(userId, { userId }));
    return ended;
  };

  /** Publishes the deletion; called after the commit. */
  const announce = async (userId: bigint, ended: Awaited<ReturnType<typeof end>>): Promise<void> => {
    if (!ended) return;
    const settled = [
      users.userChanged(userId),
      publishDecision(bus, { kind: 'privacy', userId }),
      publishDecision(bus, { kind: 'settings', userId }),
      states.keysDecided(ended.keys, 'ended'),
      ...ended.contacts.map((other) => publishDecision(bus, { kind: 'relation', userIds: [userId, other] })),
    ];
    // Clients that show the user fetch it again and see a "Deleted Account".
    users.showChange(userId, { _: 'updateUser', user_id: userId });
    await allDecided(settled);
  };

  /** Returns the seconds that remain to wait. The first request starts the week and tells the account's devices. */
  const findWait = async (tx: Tx, { userId, authKeyId }: Prover): Promise<number> => {
    const nowDate = clock.now();
    const { deletion_date } = await findSecurity(tx.q, userId);
    if (deletion_date !== null) return Math.max(0, deletion_date - nowDate);
    const hash = Buffer.from(random.bytes(HASH_BYTES)).toString('hex');
    await saveSecurity(tx, userId, { deletion_date: nowDate + WAIT_S, deletion_hash: hash, deletion_auth_key_id: authKeyId });
    tx.afterCommit(() => log.info({ userId }, 'the deletion of an account was asked for without its password'));
    const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
    if (user?.phone) await serviceChat.order(tx, userId, deletionNotice({ untilDate: nowDate + WAIT_S, phone: user.phone, hash }));
    return WAIT_S;
  };

  return {
    async doDeleteAccount(prover, proof) {
      const { userId } = prover;
      const outcome = await transactOrRefuse(db, 'delete-account', async (tx) => {
        await checkAuthorized(tx, prover);
        const password = await findPassword(tx.q, userId);
        if (proof === undefined && password) {
          const waitS = await findWait(tx, prover);
          if (waitS > 0) return { waitS, ended: undefined };
        } else if (proof !== undefined) {
          const refusal = await proofs.findRefusal(tx, prover, proof);
          if (refusal) return refusal;
        }
        if (!password && !prover.loggingIn) await devices.checkTrusted(tx, prover);
        return { waitS: 0, ended: await end(tx, userId) };
      });
      if (outcome.ended) log.info({ userId, loggingIn: prover.loggingIn }, 'an account was deleted by its owner');
      await announce(userId, outcome.ended);
      if (outcome.waitS > 0) throw rpcError('2FA_CONFIRM_WAIT_%d', outcome.waitS);
    },
    async doEndAccount(userId, why) {
      const ended = await db.transact('end-account', async (tx) => {
        if (why === 'by the operator') await forgetNumbers(tx, userId);
        return end(tx, userId);
      });
      if (ended) log.info({ userId, why }, 'an account was deleted');
      await announce(userId, ended);
      return ended !== undefined;
    },
    async doFreeNames(userIds) {
      if (userIds.length === 0) return;
      await db.transact('free-names', async (tx) => {
        await freeNames(tx, userIds);
        for (const userId of userIds) names.free(names.told(tx, clock.now()), undefined, userId);
        await cardTeller?.tell(tx, userIds);
      });
      await allDecided(userIds.map((userId) => users.userChanged(userId)));
    },
    async doDeleteBot(ownerId, botId) {
      const ended = await db.transact('delete-bot', async (tx) => {
        // The sessions are listed under the lock of the token, so that no log-in escapes.
        const row = await lockBot(tx, botId);
        if (ownerId !== undefined && (row?.owner_id !== ownerId || row.deleted)) throw rpcError('BOT_INVALID');
        if (row === undefined) return undefined;
        await dropSealedToken(tx, botId);
        await removeWebhook(tx, botId);
        return end(tx, botId);
      });
      if (ended) log.info({ userId: botId }, 'a bot was deleted');
      await announce(botId, ended);
    },
    async findAccountTtl(userId) {
      return (await findSecurity(db.q, userId)).account_ttl_days;
    },
    async doSetAccountTtl(device, days) {
      if (days < MIN_TTL_DAYS || days > MAX_TTL_DAYS) throw rpcError('TTL_DAYS_INVALID');
      await db.transact('set-account-ttl', async (tx) => {
        await devices.checkTrusted(tx, device);
        await saveSecurity(tx, device.userId, { account_ttl_days: days });
      });
    },
  };
}
