import { createSrpServer, equalBytes, sha256Of } from '@aerogram/crypto';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps, UserKey } from '../shared/index.ts';
import { tellLogInFailure } from './log-in-events.ts';
import { countGuess, findChallenge, findGuessWait, lockPassword, type PasswordRow, saveChallenge, spendChallenge } from './password-store.ts';

/** The user and key that prove a password. */
export interface Prover extends UserKey {
  /** The key is not logged in yet and needs the password for that. */
  loggingIn: boolean;
  /** Of the device, for the log. */
  address?: string;
  /** SHA-256 of the whole request. A proof is valid for one request, which may be repeated. */
  requestHash: Uint8Array;
}

/** The result of checking a proof. */
export interface ProofOutcome {
  /** The error to answer, if any: 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, 420 FLOOD_WAIT. */
  refusal?: RpcError;
  /** The same request was proved and carried out before, and the password has not changed since in another way. */
  isRepeat?: boolean;
  /** The SRP exchange of the proof; undefined if the account has no password. */
  srpId?: bigint;
}

/**
 * SRP exchanges against the stored verifiers.
 * @see https://core.telegram.org/api/srp
 */
export interface PasswordProofs {
  /** Creates the server's half of a new exchange with this key, valid for 10 minutes and one proof. */
  doChallenge(userId: bigint, authKeyId: bigint, password: PasswordRow): Promise<{ srpId: bigint; shown: Uint8Array }>;
  /**
   * Checks a proof and counts it if it is wrong; the caller must commit even if this returns a refusal. An account without a password needs
   * no proof. Locks the row of the password.
   */
  check(tx: Tx, prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<ProofOutcome>;
  /**
   * Same as {@link PasswordProofs.check}, for idempotent calls.
   * @returns the error to answer, or undefined
   */
  findRefusal(tx: Tx, prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<RpcError | undefined>;
}

const LIFE_S = 600;

/** Creates the SRP exchanges. */
export function createPasswordProofs(deps: Pick<DomainDeps, 'db' | 'clock' | 'random' | 'log' | 'metrics'>): PasswordProofs {
  const { db, clock, random, log } = deps;
  const srp = createSrpServer();

  const check: PasswordProofs['check'] = async (tx, prover, proof) => {
    const { userId, authKeyId, loggingIn, requestHash, address } = prover;
    const nowDate = clock.now();
    const password = await lockPassword(tx, userId);
    if (!password) return {};
    if (proof._ === 'inputCheckPasswordEmpty') return { refusal: rpcError('PASSWORD_HASH_INVALID') };
    const challenge = await findChallenge(tx, { userId, srpId: proof.srp_id, authKeyId });
    if (!challenge || challenge.created_date <= nowDate - LIFE_S) return { refusal: rpcError('SRP_ID_INVALID') };
    const proofHash = sha256Of(proof.A, proof.M1, requestHash);
    if (challenge.proof_hash !== null) {
      return equalBytes(challenge.proof_hash, proofHash) ? { isRepeat: true, srpId: challenge.srp_id } : { refusal: rpcError('SRP_ID_INVALID') };
    }
    const waitS = await findGuessWait(tx, userId, loggingIn, nowDate);
    if (waitS > 0) return { refusal: rpcError('FLOOD_WAIT_%d', waitS) };
    const right = srp.provesPassword(password, challenge, proof.A, proof.M1);
    await spendChallenge(tx, challenge, right ? proofHash : undefined);
    await countGuess(tx, { userId, loggingIn }, right, nowDate);
    if (!right && loggingIn) tx.afterCommit(() => tellLogInFailure(deps, { reason: 'password', userId, address }));
    else if (!right) tx.afterCommit(() => log.info({ userId }, 'a wrong password was given'));
    return right ? { srpId: challenge.srp_id } : { refusal: rpcError('PASSWORD_HASH_INVALID') };
  };

  return {
    async doChallenge(userId, authKeyId, { verifier }) {
      const { secret, shown } = srp.challenge(verifier, random);
      const srpId = random.int63();
      await db.transact('save-srp-challenge', (tx) =>
        saveChallenge(tx, {
          user_id: userId,
          srp_id: srpId,
          auth_key_id: authKeyId,
          secret,
          shown,
          created_date: clock.now(),
        }),
      );
      return { srpId, shown };
    },
    check,
    findRefusal: async (tx, prover, proof) => (await check(tx, prover, proof)).refusal,
  };
}
