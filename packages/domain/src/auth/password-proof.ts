import { createSrpServer, equalBytes, sha256Of } from '@aerogram/crypto';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import {
  countGuess,
  findChallenge,
  findGuessWait,
  lockPassword,
  type PasswordRow,
  saveChallenge,
  spendChallenge,
} from './password-store.ts';

/** Who shows that they know a password, and by which key. */
export interface Prover {
  userId: bigint;
  authKeyId: bigint;
  /** The key is not logged in yet: the password is what it lacks. */
  loggingIn: boolean;
}

/** SRP exchanges over the stored verifiers. @see https://core.telegram.org/api/srp */
export interface PasswordProofs {
  /** The server's half of a fresh exchange with this key; good for 10 minutes and one proof. */
  doChallenge(userId: bigint, authKeyId: bigint, password: PasswordRow): Promise<{ srpId: bigint; shown: Uint8Array }>;
  /**
   * Checks a proof and counts it when it is wrong: the caller commits also when this refuses.
   * Without a password nothing has to be proved.
   * @returns undefined, or what to refuse with: 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, 420 FLOOD_WAIT
   */
  findRefusal(tx: Tx, prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<RpcError | undefined>;
}

const LIFE_S = 600;

/** Makes the exchanges. */
export function createPasswordProofs(deps: { db: Database; clock: Clock; random: Random }): PasswordProofs {
  const { db, clock, random } = deps;
  const srp = createSrpServer();

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

    async findRefusal(tx, prover, proof) {
      const { userId, authKeyId, loggingIn } = prover;
      const nowDate = clock.now();
      const password = await lockPassword(tx, userId);
      if (!password) return undefined;
      if (proof._ === 'inputCheckPasswordEmpty') return rpcError('PASSWORD_HASH_INVALID');
      const challenge = await findChallenge(tx, { userId, srpId: proof.srp_id, authKeyId });
      if (!challenge || challenge.created_date <= nowDate - LIFE_S) return rpcError('SRP_ID_INVALID');
      const proofHash = sha256Of(proof.A, proof.M1);
      if (challenge.proof_hash !== null) {
        return equalBytes(challenge.proof_hash, proofHash) ? undefined : rpcError('SRP_ID_INVALID');
      }
      const waitS = await findGuessWait(tx, userId, loggingIn, nowDate);
      if (waitS > 0) return rpcError('FLOOD_WAIT_%d', waitS);
      const right = srp.provesPassword(password, challenge, proof.A, proof.M1);
      await spendChallenge(tx, challenge, right ? proofHash : undefined);
      await countGuess(tx, userId, loggingIn, right, nowDate);
      return right ? undefined : rpcError('PASSWORD_HASH_INVALID');
    },
  };
}
