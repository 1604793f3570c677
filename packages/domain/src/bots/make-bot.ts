import { isIdInBounds, randomUserId } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { DomainDeps } from '../shared/index.ts';
import type { MasterKeys } from '@aerogram/blob';

import { formatBotToken, newBotSecret, storedBotSecret } from '../bot-rows/index.ts';
import { Names, releaseUsername } from '../names/index.ts';
import { checkedNames, checkUsername } from '../peers/index.ts';
import { isReservedUsername, reserveName } from '../users/index.ts';
import { countBotsOf, insertBot } from './bot-store.ts';

/** What the owner of a new bot chooses. */
export interface NewBot {
  name: string;
  /** Ends in "bot". */
  username: string;
  /** Who looks after it; undefined: only the operator. */
  ownerId: bigint | undefined;
  /**
   * Random bits of the id that is tried first. Whoever repeats an attempt that was cut off passes the same ones: its username is reserved for that id. Drawn by default.
   */
  draw?: bigint | undefined;
  /** The token of a bot that lived elsewhere and is to keep it; undefined for a new one. */
  token?: { botId: bigint; plain: string };
}

/** A bot and the token with which it logs in. */
export interface BotAccount {
  botId: bigint;
  username: string;
  token: string;
}

/** What makes bots, in the server and on the command line. */
export interface BotMaker extends Pick<DomainDeps, 'db' | 'clock' | 'random' | 'homes'> {
  /** Seal the tokens. */
  keys: Pick<MasterKeys, 'wrap'>;
  config: Pick<DomainDeps['config'], 'homeDcId' | 'botsPerOwnerMax'>;
}

/** Number of random user ids that are tried. Even with a billion accounts only about one id in a hundred is taken. */
const ID_TRIES = 10;

/** Whether a username is one of bots: people see by its end what they talk to. Pure. */
export function isBotUsername(username: string): boolean {
  return username.toLowerCase().endsWith('bot');
}

/**
 * Makes a bot.
 * @param also does in the same transaction what belongs to it
 * @throws RpcError 400 FIRSTNAME_INVALID, USERNAME_INVALID, USERNAME_SUFFIX_MISSING, USERNAME_OCCUPIED, BOT_CREATE_LIMIT_EXCEEDED, USER_ID_INVALID (the id of
 * the given token is taken, or no id of a user), 500 (the data centre that decides about usernames is away)
 */
export async function doMakeBot(
  { db, clock, random, keys, config, homes }: BotMaker,
  bot: NewBot,
  also: (tx: Tx, made: BotAccount) => Promise<void> = () => Promise.resolve(),
): Promise<BotAccount> {
  const { first_name: firstName } = checkedNames(bot.name, '');
  const { username, ownerId, token } = bot;
  checkUsername(username);
  if (!isBotUsername(username)) throw rpcError('USERNAME_SUFFIX_MISSING');
  if (isReservedUsername(username)) throw rpcError('USERNAME_OCCUPIED');
  if (token !== undefined && !isIdInBounds('user', token.botId)) throw rpcError('USER_ID_INVALID');
  const { plain, stored: secret } = token === undefined ? newBotSecret(random, keys) : { plain: token.plain, stored: storedBotSecret(token.plain, keys) };
  const names = new Names({ db, homes });
  for (let tries = 0; tries < ID_TRIES; tries++) {
    const botId = token?.botId ?? randomUserId((tries === 0 ? bot.draw : undefined) ?? random.int63(), config.homeDcId);
    const made = { botId, username, token: formatBotToken(botId, plain) };
    const nowDate = clock.now();
    await reserveName({ db, homes }, botId, username, nowDate);
    const outcome = await db.transact('make-bot', async (tx): Promise<'made' | 'id taken' | 'too many'> => {
      if (ownerId !== undefined) {
        // Locked, so that calls at once are counted one after the other.
        await tx.lockCounters([ownerId]);
        if ((await countBotsOf(tx, ownerId)) >= config.botsPerOwnerMax) {
          await releaseUsername(tx, username.toLowerCase(), botId);
          return 'too many';
        }
      }
      if (await insertBot({ tx, names }, { botId, ownerId, firstName, username, secret, nowDate })) {
        await also(tx, made);
        return 'made';
      }
      // The next try reserves it for another id.
      await releaseUsername(tx, username.toLowerCase(), botId);
      return 'id taken';
    });
    if (outcome === 'made') return made;
    if (outcome === 'too many') throw rpcError('BOT_CREATE_LIMIT_EXCEEDED');
    if (token !== undefined) throw rpcError('USER_ID_INVALID');
  }
  throw new Error('no free user id was found');
}
