import { memberDcOf } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { type BotSecret, formatBotToken, hashBotSecret, newBotSecret, readBotToken } from '../bot-rows/index.ts';
import { findBotSecret, lockBotSecret, saveBotSecret } from '../bots/index.ts';
import { removeWebhook } from '../bot-webhooks/index.ts';
import { type DomainDeps, ExactQuota, publishDecision, refuseWait, takeBoth } from '../shared/index.ts';
import { authorizeKey, endAuthorizations, type KeyChange } from './authorization-store.ts';
import { judgeToken, type TokenJudgement } from './bot-tokens.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './log-in.ts';
import { tellLogIn, tellLogInFailure } from './log-in-events.ts';

/** Ends the sessions of a bot, in the transaction that makes its token invalid. @returns the keys that were logged out */
export async function endBotSessions(tx: Tx, botId: bigint, nowDate: number): Promise<bigint[]> {
  const keys = await tx.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', botId).execute();
  return endAuthorizations(tx, botId, keys.map((key) => key.auth_key_id), { nowDate, revoked: true });
}

/** The log-in of bots, by a token instead of a phone number. */
export class BotLogIn {
  readonly #deps: DomainDeps & { states: KeyStates };
  readonly #guesses: ExactQuota;
  readonly #guessesOfAddress: ExactQuota;

  constructor(deps: DomainDeps & { states: KeyStates }) {
    this.#deps = deps;
    this.#guesses = new ExactQuota(deps, 'tokenGuesses');
    this.#guessesOfAddress = new ExactQuota(deps, 'tokenGuessesOfAddress');
  }

  /**
   * Logs a device in as a bot. A bot may have many devices; none of them is told of the others. Wrong tokens are counted, and the right one always works.
   * @returns the id of the bot
   * @throws RpcError 303 USER_MIGRATE_%d (the bot is at another data centre), 400 API_ID_INVALID, ACCESS_TOKEN_INVALID, ACCESS_TOKEN_EXPIRED (revoked, or the bot was deleted), 420 FLOOD_WAIT
   */
  async doImportBotAuthorization(device: LoginDevice, token: string, app: AppCredentials): Promise<bigint> {
    const { db, clock, random, config, states, homes } = this.#deps;
    checkApp(config.allowedApps, app);
    const parts = readBotToken(token);
    if (parts === undefined) throw rpcError('ACCESS_TOKEN_INVALID');
    const { botId, plain } = parts;
    const dc = memberDcOf(homes, botId);
    if (dc !== undefined) throw rpcError('USER_MIGRATE_%d', dc);
    const hash = hashBotSecret(plain);
    const { judgement, change } = await db.transact('bot-log-in', async (tx): Promise<{ judgement: TokenJudgement; change?: KeyChange }> => {
      // Locked, so that a token that is being revoked opens nothing afterwards.
      const judgement = judgeToken(await lockBotSecret(tx, botId, 'keep'), hash);
      if (judgement !== 'right') return { judgement };
      return { judgement, change: await authorizeKey(tx, { userId: botId, authKeyId: device.permAuthKeyId, hash: random.int63(), address: device.address, nowDate: clock.now() }) };
    });
    if (judgement === 'revoked') throw rpcError('ACCESS_TOKEN_EXPIRED');
    if (judgement === 'wrong') {
      await refuseWait(takeBoth(this.#guessesOfAddress.take(device.address, 1), () => this.#guesses.take(String(botId), 1)));
      tellLogInFailure(this.#deps, { reason: 'token', address: device.address });
      throw rpcError('ACCESS_TOKEN_INVALID');
    }
    if (change?.fresh === true) tellLogIn(this.#deps, { userId: botId, authorization: change.hash, how: 'bot_token', address: device.address });
    await states.keysDecided(change?.ended ?? [], 'ended');
    await states.keysDecided([device.permAuthKeyId], 'user');
    return botId;
  }

  /**
   * Returns the token of a bot to its owner.
   * @param isRevoked whether the bot gets a new one; its sessions end then
   * @throws RpcError 400 BOT_INVALID (no bot of this owner)
   */
  async doExportToken(ownerId: bigint, botId: bigint, isRevoked: boolean): Promise<string> {
    const { db, bus, clock, random, states, fileStorage, log } = this.#deps;
    const fresh = isRevoked ? newBotSecret(random, fileStorage.keys) : undefined;
    const { sealed, ended } = await db.transact('export-bot-token', async (tx) => {
      const row = await (isRevoked ? lockBotSecret(tx, botId, 'change') : findBotSecret(tx.q, botId));
      if (row === undefined || row.deleted || row.owner_id !== ownerId) throw rpcError('BOT_INVALID');
      if (fresh === undefined) return { sealed: row.sealed_token, ended: [] };
      return { sealed: fresh.stored.sealed_token, ended: await revokeBotToken(tx, botId, fresh.stored, clock.now()) };
    });
    await states.keysDecided(ended, 'ended');
    if (fresh !== undefined) {
      await publishDecision(bus, { kind: 'user', userId: botId });
      log.info({ userId: botId }, 'the token of a bot was revoked');
    }
    return formatBotToken(botId, fresh?.plain ?? Buffer.from(await fileStorage.keys.unwrap(sealed)).toString('latin1'));
  }
}

/** Gives a bot another token, and ends its sessions and its webhook. @returns the keys that were logged out */
export async function revokeBotToken(tx: Tx, botId: bigint, secret: BotSecret, nowDate: number): Promise<bigint[]> {
  await saveBotSecret(tx, botId, secret);
  await removeWebhook(tx, botId);
  return endBotSessions(tx, botId, nowDate);
}
