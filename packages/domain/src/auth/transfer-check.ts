import { type RpcError, rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';
import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { checkAuthorized } from './authorization-store.ts';
import type { PasswordProofs, Prover } from './password-proof.ts';
import { lockPassword } from './password-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** The check before a group or channel is given to somebody else. */
export interface TransferCheck {
  /**
   * Checks that the owner of an account may give away a group or channel now: the account has had its password for a week, the device has been
   * logged in for a day, and the caller proves the password. Clients call it with an empty proof to learn whether they have to ask for the password:
   * PASSWORD_HASH_INVALID then means that only the proof is missing. A repeat of a call that was proved is proved, too.
   * @throws RpcError 400 PASSWORD_MISSING, PASSWORD_TOO_FRESH_%d, SESSION_TOO_FRESH_%d (seconds), PASSWORD_HASH_INVALID, SRP_ID_INVALID, 420 FLOOD_WAIT
   */
  checkTransfer(prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<void>;
}

const PASSWORD_FRESH_S = 7 * 24 * 3600;
const SESSION_FRESH_S = 24 * 3600;

/** Creates the check. */
export function createTransferCheck({ db, clock, proofs }: { db: Database; clock: Clock; proofs: Pick<PasswordProofs, 'findRefusal'> }): TransferCheck {
  const findRefusal = async (tx: Tx, prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<RpcError | undefined> => {
    const nowDate = clock.now();
    const password = await lockPassword(tx, prover.userId);
    if (password === undefined) return rpcError('PASSWORD_MISSING');
    const passwordWaitS = password.changed_date + PASSWORD_FRESH_S - nowDate;
    if (passwordWaitS > 0) return rpcError('PASSWORD_TOO_FRESH_%d', passwordWaitS);
    const sessionWaitS = (await findLoginDate(tx, prover)) + SESSION_FRESH_S - nowDate;
    if (sessionWaitS > 0) return rpcError('SESSION_TOO_FRESH_%d', sessionWaitS);
    return proofs.findRefusal(tx, prover, proof);
  };

  return {
    async checkTransfer(prover, proof) {
      await transactOrRefuse(db, 'check-transfer', async (tx) => {
        await checkAuthorized(tx, prover);
        return findRefusal(tx, prover, proof);
      });
    },
  };
}

/** When the device of the caller was logged in, in unix seconds; 0 if it is not known. */
async function findLoginDate(tx: Tx, { userId, authKeyId }: Prover): Promise<number> {
  const row = await tx.q.selectFrom('authorizations').select('created_date').where('user_id', '=', userId).where('auth_key_id', '=', authKeyId).executeTakeFirst();
  return row?.created_date ?? 0;
}
