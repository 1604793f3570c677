import { createProgram } from '@aerogram/cli/program';
import { BotClient, type Actor, type MtcuteClientOptions } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { Scenario } from './scenario.ts';

/** A bot as the operator's command line prints it. */
export interface MadeBot {
  id: number;
  username: string;
  token: string;
}

/** Settings of a server on which bots may send as fast as they like, for tests of many sends. */
export const UNHURRIED_BOTS = { AEROGRAM_BOT_MESSAGES_PER_SECOND: '0', AEROGRAM_BOT_MESSAGES_PER_PERSON: '0', AEROGRAM_BOT_MESSAGES_PER_GROUP: '0' };

/** A running server, as the operator's commands know it. */
interface Operated {
  server: { databaseUrl: string; dataDir: string };
}

/** Runs a command of the operator beside the running server. @returns what it prints */
export async function operate({ server }: Operated, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATABASE_URL: server.databaseUrl, AEROGRAM_DATA_DIR: server.dataDir }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

/** Reads what a command that makes a bot says with `--json`. */
export function readBot(printed: string): MadeBot {
  const { id, ...bot } = JSON.parse(printed) as Omit<MadeBot, 'id'> & { id: string };
  return { ...bot, id: Number(id) };
}

/** Makes a bot. */
export async function makeBot(where: Operated, username: string, owner?: Pick<Actor, 'id'>): Promise<MadeBot> {
  const whose = owner === undefined ? [] : ['--owner', String(owner.id)];
  return readBot(await operate(where, 'bot', 'create', '--name', username, '--username', username, '--json', ...whose));
}

/** Makes a bot and logs in as it. */
export async function startBot(scenario: Pick<Scenario, 'server'>, username: string, owner?: Actor, options?: MtcuteClientOptions): Promise<BotClient & { made: MadeBot }> {
  const made = await makeBot(scenario, username, owner);
  return Object.assign(await BotClient.logIn(scenario.server, made.token, options), { made });
}

/** Makes a bot that can be used inline, and logs in as it. It is set before it is used, because the server sees what the operator changes within a second. */
export async function startInlineBot(where: Pick<Scenario, 'server'>, username: string, ...settings: string[]): Promise<BotClient & { made: MadeBot }> {
  const made = await makeBot(where, username);
  await operate(where, 'bot', 'set', `@${username}`, '--inline', 'Search…', ...settings);
  return Object.assign(await BotClient.logIn(where.server, made.token), { made });
}

/** Somebody finds a bot by its username and writes to it. */
export async function write(person: Actor, bot: MadeBot, message: string): Promise<tl.RawUser> {
  const { users } = await person.main.call({ _: 'contacts.resolveUsername', username: bot.username });
  await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message, randomId: randomLong() });
  return users[0] as tl.RawUser;
}

/** A button that tells the bot its text. */
export const press = (text: string): tl.RawKeyboardButtonCallback => ({ _: 'keyboardButtonCallback', text, data: Buffer.from(text) });

/** One row of buttons below a message. */
export const inline = (...buttons: tl.TypeKeyboardButton[]): tl.RawReplyInlineMarkup => ({ _: 'replyInlineMarkup', rows: [{ _: 'keyboardButtonRow', buttons }] });

/** Waits until the bot was told of a press of a button with these data. */
export const seesPress = (bot: BotClient, value: string): Promise<tl.RawUpdateBotCallbackQuery> =>
  bot.waitFor(`press of ${value}`, (update): update is tl.RawUpdateBotCallbackQuery => update._ === 'updateBotCallbackQuery' && Buffer.from(update.data!).toString() === value);

/** Somebody finds a bot by its name and starts it. */
export async function meetBot(person: Actor, bot: BotClient & { made: MadeBot }): Promise<void> {
  await write(person, bot.made, '/start');
  await bot.sees('/start');
}

/** A bot, and a new person who has started it. */
export async function meetNewBot(scenario: Scenario, username: string): Promise<{ bot: BotClient & { made: MadeBot }; person: Actor }> {
  const person = await scenario.world.user('Person');
  const bot = await startBot(scenario, username);
  await meetBot(person, bot);
  return { bot, person };
}

/** A message as a person reads it. */
export async function readMessage(person: Actor, id: number): Promise<tl.RawMessage> {
  const { messages } = (await person.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] })) as tl.messages.RawMessages;
  return messages[0] as tl.RawMessage;
}
