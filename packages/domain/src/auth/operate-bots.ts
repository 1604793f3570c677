import { dcOfPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { OperatorError } from '@aerogram/runtime';
import { defineJobKind, type HomeRow, jsonCodec, listHomes, type Tx } from '@aerogram/storage';

import { formatBotToken, newBotSecret } from '../bot-rows/index.ts';
import { type BotAccount, type BotMaker, type BotSettings, doMakeBot, findBotSecret, lockBotSecret, type NewBot } from '../bots/index.ts';
import { changeBot, settingChange } from '../bot-info/index.ts';
import { findDecider } from '../names/index.ts';
import { noteOperator } from '../operators/index.ts';
import { revokeBotToken } from './bot-log-in.ts';

/** What the server does about bots that the operator changes from another process. */
export interface NoteBotActions {
  /** Drops what caches have of the bot and of these keys, which were logged out. */
  botChanged(botId: bigint, endedKeys: readonly bigint[]): Promise<void>;
  /** Tells those who look at the bot that it is another one. */
  showBot(botId: bigint): void;
  doDeleteBot(botId: bigint): Promise<void>;
}

/**
 * The job with which the server learns that the operator made a bot, gave it another token or wants it deleted.
 * @param actions undefined in a process that only enqueues the job
 */
export function createNoteBotJob(actions: NoteBotActions | undefined) {
  return defineJobKind<{ endedKeys: string[]; isDeleted: boolean }>({
    kind: 'note-bot',
    codec: jsonCodec(),
    run: async ({ endedKeys, isDeleted }, { ownerId }) => {
      await actions?.botChanged(ownerId, endedKeys.map(BigInt));
      if (isDeleted) await actions?.doDeleteBot(ownerId);
      else actions?.showBot(ownerId);
    },
  });
}

const ordering = createNoteBotJob(undefined);

/**
 * Makes a bot for the operator. Throws as {@link doMakeBot}.
 * @throws OperatorError if the id in the token is one of another data centre; from a command, which has no link to the data centre that decides about usernames
 */
export async function doMakeBotByOperator(maker: BotMaker, bot: NewBot): Promise<BotAccount> {
  const homes = await listHomes(maker.db);
  if (bot.token !== undefined) checkIdHere(homes, bot.token.botId);
  const decider = maker.homes === undefined ? await findDecider(maker.db) : undefined;
  if (decider !== undefined) throw new OperatorError(`data centre ${decider} decides who has a username, and only the running server can ask it: make the bot by a talk with @BotFather`);
  // A command reads the settings only, and they do not say which data centre this is: the database does.
  const own = homes.find((home) => home.is_own);
  const made = await doMakeBot(own === undefined ? maker : { ...maker, config: { ...maker.config, homeDcId: own.dc } }, bot);
  await maker.db.transact('note-bot', async (tx) => {
    await noteOperator(tx, `make the bot ${made.botId}`, maker.clock.now());
    await tx.job(ordering.order(made.botId, { endedKeys: [], isDeleted: false }));
  });
  return made;
}

/** Checks that a bot with this id lives here: all data centres look for it where its id says. @throws OperatorError */
function checkIdHere(homes: readonly HomeRow[], botId: bigint): void {
  const others = homes.filter((home) => !home.is_own);
  const dc = dcOfPeer(botId, others.map((home) => home.dc));
  if (dc === undefined) return;
  const isRemoved = others.some((home) => home.dc === dc && home.state === 'removed');
  throw new OperatorError(`the id of this bot is one of data centre ${dc}${isRemoved ? ', which was removed: make a new bot' : ': run the command there'}`);
}

/**
 * Gives a bot another token for the operator, and ends its sessions.
 * @returns the new token
 * @throws RpcError 400 BOT_INVALID
 */
export async function doRevokeByOperator({ db, clock, random, keys }: BotMaker, botId: bigint): Promise<string> {
  const { plain, stored } = newBotSecret(random, keys);
  await db.transact('revoke-bot-token', async (tx) => {
    const row = await lockBotSecret(tx, botId, 'change');
    if (row === undefined || row.deleted) throw rpcError('BOT_INVALID');
    const ended = await revokeBotToken(tx, botId, stored, clock.now());
    await noteOperator(tx, `revoke the token of the bot ${botId}`, clock.now());
    await tx.job(ordering.order(botId, { endedKeys: ended.map(String), isDeleted: false }));
  });
  return formatBotToken(botId, plain);
}

/**
 * Changes what a bot may do for the operator. What it sees in groups changes in those to which it is added afterwards.
 * @throws RpcError 400 BOT_INVALID
 */
export async function doSetBotByOperator({ db, clock }: Pick<BotMaker, 'db' | 'clock'>, botId: bigint, settings: BotSettings): Promise<void> {
  await db.transact('set-bot', async (tx) => {
    await changeBot(tx, { botId, actorId: undefined }, settingChange(settings));
    await noteOperator(tx, `change the settings of the bot ${botId}`, clock.now());
    await tx.job(ordering.order(botId, { endedKeys: [], isDeleted: false }));
  });
}

/**
 * Orders the deletion of a bot for the operator. The running server, or the next one that starts, carries it out.
 * @throws RpcError 400 BOT_INVALID
 */
export async function doOrderBotDeletion({ db, clock }: Pick<BotMaker, 'db' | 'clock'>, botId: bigint): Promise<void> {
  await db.transact('order-bot-deletion', async (tx) => {
    const row = await findBotSecret(tx.q, botId);
    if (row === undefined || row.deleted) throw rpcError('BOT_INVALID');
    await noteOperator(tx, `delete the bot ${botId}`, clock.now());
    await orderBotDeletion(tx, botId);
  });
}

/** Enqueues the deletion of a bot. */
export function orderBotDeletion(tx: Tx, botId: bigint): Promise<void> {
  return tx.job(ordering.order(botId, { endedKeys: [], isDeleted: true }));
}
