import { MasterKeys } from '@aerogram/blob';
import { type BotMaker, type BotSettings, countBotUpdates, doMakeBotByOperator, doOrderBotDeletion, doRevokeByOperator, doSetBotByOperator, findWebhooks, listBots, readBotToken, readWebhookUrl, type WebhookRow } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import { masterKeySource } from '@aerogram/node';
import { systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';

/** What the operator says of a new bot. */
export interface BotChoice {
  name: string;
  username: string;
  owner?: string;
}

/** What the refusals of the server mean here. */
const REFUSALS: Readonly<Record<string, string>> = {
  FIRSTNAME_INVALID: 'a bot needs a name of at most 64 characters',
  USERNAME_INVALID: 'a username has 5 to 32 letters, digits and underscores',
  USERNAME_SUFFIX_MISSING: 'the username of a bot ends in "bot"',
  USERNAME_OCCUPIED: 'the username is taken or reserved',
  BOT_CREATE_LIMIT_EXCEEDED: 'the owner has as many bots as AEROGRAM_BOTS_PER_OWNER_MAX allows',
  USER_ID_INVALID: 'the id in the token is taken, or is no id of an account',
  BOT_INVALID: 'it is no bot, or was deleted',
};

async function withBots<T>(options: CliOptions, use: (maker: BotMaker, db: Database) => Promise<T>): Promise<T> {
  return withDatabase(options, async (db) => {
    const { config } = options;
    const keys = await MasterKeys.open(masterKeySource(config, systemRandom), systemRandom);
    try {
      return await use({ db, clock: systemClock, random: systemRandom, keys, config }, db);
    } catch (error) {
      if (error instanceof RpcError) throw new Error(REFUSALS[error.text] ?? error.text, { cause: error });
      throw error;
    }
  });
}

/**
 * `aerogram bot create` and `import`: makes a bot and prints its token.
 * @param token of a bot that lived elsewhere and keeps its id
 */
export function createBot(options: CliOptions, { name, username, owner }: BotChoice, token?: string): Promise<Output> {
  return withBots(options, async (maker, db) => {
    const known = token === undefined ? undefined : readBotToken(token);
    if (token !== undefined && known === undefined) throw new Error('this is not the token of a bot');
    const ownerId = owner === undefined ? undefined : (await requireAccount(db, owner)).user_id;
    const bot = await doMakeBotByOperator(maker, { name, username: username.replace(/^@/, ''), ownerId, ...(known ? { token: known } : {}) });
    return { value: { id: bot.botId, username: bot.username, token: bot.token }, lines: [`bot       ${bot.botId}, @${bot.username}`, `token     ${bot.token}`] };
  });
}

/** What operators see of a bot. Of a webhook, that is only the host of its URL, because the rest often contains the token. */
function projectBot(row: ListedBot, webhook: WebhookRow | undefined, backlog: number) {
  return {
    id: row.bot_id,
    username: row.username,
    name: row.first_name,
    owner: row.owner_id,
    created_date: formatDate(row.created_date),
    webhook: webhook === undefined ? null : { host: readWebhookUrl(webhook.url)?.host ?? '', last_error_date: findDate(webhook.last_error_date), last_error_message: webhook.last_error_message },
    backlog,
  };
}

function* describeBot({ id, username, name, owner, created_date: since, webhook, backlog }: ReturnType<typeof projectBot>): Iterable<string> {
  yield `${id}  @${username ?? '-'}  ${name}  owner ${owner ?? '-'}, since ${since}`;
  if (backlog > 0) yield `  updates that wait: ${backlog}`;
  if (webhook !== null) yield `  webhook at ${webhook.host}${webhook.last_error_date === null ? '' : `, failed ${webhook.last_error_date}: ${webhook.last_error_message}`}`;
}

/** `aerogram bot list`: the bots of the server, without their tokens. */
export function showBots(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const rows = await listBots(db.q, undefined, limit);
    const ids = rows.map((row) => row.bot_id);
    const backlogs = await countBotUpdates(db, ids, systemClock.now());
    const webhooks = new Map((ids.length === 0 ? [] : await findWebhooks(db.q, ids)).map((webhook) => [webhook.bot_id, webhook]));
    const bots = rows.map((row) => projectBot(row, webhooks.get(row.bot_id), backlogs.get(row.bot_id) ?? 0));
    return { value: bots, lines: bots.length === 0 ? ['there is no bot'] : bots.flatMap((bot) => [...describeBot(bot)]) };
  });
}

type ListedBot = Awaited<ReturnType<typeof listBots>>[number];

/** `aerogram bot revoke`: gives a bot another token, and ends its sessions. */
export function revokeBot(options: CliOptions, who: string): Promise<Output> {
  return withBots(options, async (maker, db) => {
    const { user_id: botId } = await requireAccount(db, who);
    const token = await doRevokeByOperator(maker, botId);
    return { value: { id: botId, token }, lines: [`token     ${token}`] };
  });
}

/** What the operator changes of a bot; what is left out stays. */
export interface BotSettingChoice {
  privacy?: 'on' | 'off';
  groups?: 'on' | 'off';
  inline?: string;
  inlineGeo?: 'on' | 'off';
  inlineFeedback?: string;
}

/** `aerogram bot set`: changes what a bot may do. */
export function setBot(options: CliOptions, who: string, { privacy, groups, inline, inlineGeo, inlineFeedback }: BotSettingChoice): Promise<Output> {
  const percent = inlineFeedback === undefined ? undefined : Number(inlineFeedback);
  if (percent !== undefined && !(Number.isInteger(percent) && percent >= 0 && percent <= 100)) throw new Error('--inline-feedback is a number from 0 to 100');
  const settings: BotSettings = {
    ...(groups && { joins_groups: groups === 'on' }),
    ...(privacy && { reads_all: privacy === 'off' }),
    ...(inline !== undefined && { inline_placeholder: inline === 'off' ? null : inline }),
    ...(inlineGeo && { inline_geo: inlineGeo === 'on' }),
    ...(percent !== undefined && { inline_feedback: percent }),
  };
  if (Object.keys(settings).length === 0) throw new Error('say what to set: --privacy, --groups, --inline, --inline-geo, --inline-feedback');
  return withBots(options, async (maker, db) => {
    const { user_id: botId } = await requireAccount(db, who);
    await doSetBotByOperator(maker, botId, settings);
    return { value: { id: botId, ...settings }, lines: [`changed the bot ${botId}${privacy === undefined ? '' : '; privacy mode changes in groups to which it is added from now on'}`] };
  });
}

/** `aerogram bot delete`: deletes a bot, as soon as a server runs. */
export function deleteBot(options: CliOptions, who: string): Promise<Output> {
  return withBots(options, async (maker, db) => {
    const { user_id: botId } = await requireAccount(db, who);
    await doOrderBotDeletion(maker, botId);
    return { value: { id: botId }, lines: [`the running server, or the next one that starts, deletes the bot ${botId}`] };
  });
}
