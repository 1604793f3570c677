import { MasterKeys } from '@aerogram/blob';
import { type BotMaker, type BotSettings, countBotUpdates, doMakeBotByOperator, doOrderBotDeletion, doRevokeByOperator, doSetBotByOperator, findWebhooks, listBots, readBotToken, readWebhookUrl, type WebhookRow } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import { masterKeySource } from '@aerogram/node';
import { systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import { requireAccount } from './find-account.ts';

/** What the operator says of a new bot. */
export interface BotChoice {
  name: string;
  username: string;
  owner?: string;
  json: boolean;
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
export function createBot(options: CliOptions, { name, username, owner, json }: BotChoice, token?: string): Promise<void> {
  return withBots(options, async (maker, db) => {
    const known = token === undefined ? undefined : readBotToken(token);
    if (token !== undefined && known === undefined) throw new Error('this is not the token of a bot');
    const ownerId = owner === undefined ? undefined : (await requireAccount(db, owner)).user_id;
    const bot = await doMakeBotByOperator(maker, { name, username: username.replace(/^@/, ''), ownerId, ...(known ? { token: known } : {}) });
    if (json) return options.print(JSON.stringify({ id: Number(bot.botId), username: bot.username, token: bot.token }));
    options.print(`bot       ${bot.botId}, @${bot.username}`);
    options.print(`token     ${bot.token}`);
  });
}

/** What operators see of a webhook: only the host of the URL, because the rest often contains the token. */
function shownWebhook({ url, last_error_date, last_error_message }: WebhookRow): { host: string; last_error_date: number; last_error_message: string } {
  return { host: readWebhookUrl(url)?.host ?? '', last_error_date, last_error_message };
}

/** `aerogram bot list`: the bots of the server, without their tokens. */
export function showBots(options: CliOptions, limit: number, json: boolean): Promise<void> {
  return withDatabase(options, async (db) => {
    const rows = await listBots(db.q, undefined, limit);
    const backlogs = await countBotUpdates(db, rows.map((row) => row.bot_id), systemClock.now());
    const webhooks = new Map((rows.length === 0 ? [] : await findWebhooks(db.q, rows.map((row) => row.bot_id))).map((webhook) => [webhook.bot_id, shownWebhook(webhook)]));
    if (json) {
      const bots = rows.map((row) => ({
        id: Number(row.bot_id), username: row.username, name: row.first_name, owner: row.owner_id === null ? null : Number(row.owner_id), created_date: row.created_date,
        webhook: webhooks.get(row.bot_id) ?? null, backlog: backlogs.get(row.bot_id) ?? 0,
      }));
      return options.print(JSON.stringify(bots, null, 2));
    }
    if (rows.length === 0) options.print('there is no bot');
    for (const row of rows) {
      options.print(`${row.bot_id}  @${row.username ?? '-'}  ${row.first_name}  owner ${row.owner_id ?? '-'}, since ${formatDate(row.created_date)}`);
      const backlog = backlogs.get(row.bot_id);
      if (backlog !== undefined) options.print(`  updates that wait: ${backlog}`);
      const webhook = webhooks.get(row.bot_id);
      if (webhook === undefined) continue;
      const failure = webhook.last_error_date === 0 ? '' : `, failed ${formatDate(webhook.last_error_date)}: ${webhook.last_error_message}`;
      options.print(`  webhook at ${webhook.host}${failure}`);
    }
  });
}

/** `aerogram bot revoke`: gives a bot another token, and ends its sessions. */
export function revokeBot(options: CliOptions, who: string, json: boolean): Promise<void> {
  return withBots(options, async (maker, db) => {
    const { user_id: botId } = await requireAccount(db, who);
    const token = await doRevokeByOperator(maker, botId);
    options.print(json ? JSON.stringify({ id: Number(botId), token }) : `token     ${token}`);
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
export function setBot(options: CliOptions, who: string, { privacy, groups, inline, inlineGeo, inlineFeedback }: BotSettingChoice): Promise<void> {
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
    options.print(`changed the bot ${botId}${privacy === undefined ? '' : '; privacy mode changes in groups to which it is added from now on'}`);
  });
}

/** `aerogram bot delete`: deletes a bot, as soon as a server runs. */
export function deleteBot(options: CliOptions, who: string): Promise<void> {
  return withBots(options, async (maker, db) => {
    const { user_id: botId } = await requireAccount(db, who);
    await doOrderBotDeletion(maker, botId);
    options.print(`the running server, or the next one that starts, deletes the bot ${botId}`);
  });
}
