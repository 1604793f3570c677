import { randomUserId } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';

import { checkedNames, checkUsername, normalizePhone } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { isReservedUsername } from '../users/index.ts';
import { insertPerson } from './sign-up-store.ts';

/** Number of random user ids that are tried. Even with a billion accounts only about one id in a hundred is taken. */
const ID_TRIES = 10;

/** An account that is made without a log-in. */
export interface NewPerson {
  name: string;
  phone: string;
  username: string | undefined;
}

/**
 * Makes the account of a person in one transaction, without a code, a device or a notice to anybody. For servers whose operator needs people at once, as tests do.
 * @returns the user id
 * @throws RpcError 400 FIRSTNAME_INVALID, PHONE_NUMBER_INVALID, PHONE_NUMBER_OCCUPIED, USERNAME_INVALID, USERNAME_OCCUPIED
 */
export async function doMakePerson(
  { db, clock, random, config }: Pick<DomainDeps, 'db' | 'clock' | 'random'> & { config: Pick<DomainDeps['config'], 'homeDcId'> },
  { name, phone, username }: NewPerson,
): Promise<bigint> {
  const { first_name: firstName } = checkedNames(name, '');
  const number = normalizePhone(phone);
  if (username !== undefined) {
    checkUsername(username);
    if (isReservedUsername(username)) throw rpcError('USERNAME_OCCUPIED');
  }
  for (let tries = 0; tries < ID_TRIES; tries++) {
    const userId = randomUserId(random.int63(), config.homeDcId);
    const isMade = await db.transact('make-person', async (tx) => {
      const outcome = await insertPerson(tx, { userId, phone: number, firstName, username, nowDate: clock.now() });
      if (outcome === 'number_taken') throw rpcError('PHONE_NUMBER_OCCUPIED');
      if (outcome === 'name_taken') throw rpcError('USERNAME_OCCUPIED');
      return outcome === 'written';
    });
    if (isMade) return userId;
  }
  throw new Error('no free user id was found');
}
