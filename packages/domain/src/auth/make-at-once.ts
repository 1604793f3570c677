import { randomUserId } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { formatBotToken, newBotSecret } from '../bot-rows/index.ts';
import { type BotAccount, type BotMaker, type BotSettings, insertBotRow, isBotUsername } from '../bots/index.ts';
import { holdPhone, type Name, Names, reserveUsername } from '../names/index.ts';
import { checkedNames, checkUsername, normalizePhone } from '../peers/index.ts';
import { insertAccount, isReservedUsername } from '../users/index.ts';

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
export async function doMakePerson(maker: Omit<BotMaker, 'keys'>, { name, phone, username }: NewPerson): Promise<bigint> {
  const number = normalizePhone(phone);
  return makeAccount(maker, { name, phone: number, username, isBot: false });
}

/**
 * Makes a bot without an owner in one transaction, and without a note for the operator. For the same servers as {@link doMakePerson}.
 * @param settings what it may do, if that is other than what a new bot may do
 * @throws RpcError 400 FIRSTNAME_INVALID, USERNAME_INVALID, USERNAME_SUFFIX_MISSING, USERNAME_OCCUPIED
 */
export async function doMakeBotAtOnce(maker: BotMaker, { name, username }: { name: string; username: string }, settings: BotSettings): Promise<BotAccount> {
  const { plain, stored: secret } = newBotSecret(maker.random, maker.keys);
  const botId = await makeAccount(maker, { name, username, phone: undefined, isBot: true }, (tx, id) => insertBotRow(tx, { botId: id, ownerId: undefined, secret, nowDate: maker.clock.now(), settings }));
  return { botId, username, token: formatBotToken(botId, plain) };
}

/** @param also does in the same transaction what belongs to the account */
async function makeAccount(
  { db, clock, random, config, homes }: Omit<BotMaker, 'keys'>,
  account: { name: string; phone: string | undefined; username: string | undefined; isBot: boolean },
  also: (tx: Tx, userId: bigint) => Promise<void> = () => Promise.resolve(),
): Promise<bigint> {
  const { name, phone, username, isBot } = account;
  const { first_name: firstName } = checkedNames(name, '');
  if (username !== undefined) {
    checkUsername(username);
    if (isBot && !isBotUsername(username)) throw rpcError('USERNAME_SUFFIX_MISSING');
    if (isReservedUsername(username)) throw rpcError('USERNAME_OCCUPIED');
  }
  const names = new Names({ db, homes });
  const wanted: Name[] = [];
  if (phone !== undefined) wanted.push({ type: 'phone', name: phone });
  if (username !== undefined) wanted.push({ type: 'username', name: username.toLowerCase() });
  for (let tries = 0; tries < ID_TRIES; tries++) {
    const userId = randomUserId(random.int63(), config.homeDcId);
    if (names.areElsewhere) for (const name of wanted) await claim({ db, clock, names }, name, userId);
    const isMade = await db.transact('make-account', async (tx) => {
      const outcome = await insertAccount(tx, { userId, isBot, firstName, phone, username, nowDate: clock.now() });
      if (outcome === 'number_taken') throw rpcError('PHONE_NUMBER_OCCUPIED');
      if (outcome === 'name_taken') throw rpcError('USERNAME_OCCUPIED');
      if (outcome === 'id_taken') throw new IdTaken();
      for (const name of wanted) names.confirm(names.told(tx, clock.now()), name, userId);
      await also(tx, userId);
      return true;
    }).catch((error: unknown) => {
      if (error instanceof IdTaken) return false;
      throw error;
    });
    if (isMade) return userId;
  }
  throw new Error('no free user id was found');
}

/** Has a name of a new account reserved in the whole cluster. */
async function claim({ db, clock, names }: Pick<BotMaker, 'db' | 'clock'> & { names: Names }, name: Name, userId: bigint): Promise<void> {
  const [hold, refusal] = name.type === 'phone' ? ([holdPhone, 'PHONE_NUMBER_OCCUPIED'] as const) : ([reserveUsername, 'USERNAME_OCCUPIED'] as const);
  const isHeld = await db.transact('hold-name', (tx) => hold(tx, name.name, userId, clock.now()));
  if (!isHeld || !(await names.claim(name, userId))) throw rpcError(refusal);
}

/** Rolls back an account whose id belongs to somebody else. */
class IdTaken extends Error {}
