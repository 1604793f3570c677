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

/** Runs a command of the operator beside the running server. @returns what it prints */
export async function operate({ server }: Scenario, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATABASE_URL: server.databaseUrl, AEROGRAM_DATA_DIR: server.dataDir }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

/** Makes a bot. */
export async function makeBot(scenario: Scenario, username: string, owner?: Actor): Promise<MadeBot> {
  const whose = owner === undefined ? [] : ['--owner', String(owner.id)];
  return JSON.parse(await operate(scenario, 'bot', 'create', '--name', username, '--username', username, '--json', ...whose)) as MadeBot;
}

/** Makes a bot and logs in as it. */
export async function startBot(scenario: Scenario, username: string, owner?: Actor, options?: MtcuteClientOptions): Promise<BotClient & { made: MadeBot }> {
  const made = await makeBot(scenario, username, owner);
  return Object.assign(await BotClient.logIn(scenario.server, made.token, options), { made });
}

/** Somebody finds a bot by its username and writes to it. */
export async function write(person: Actor, bot: MadeBot, message: string): Promise<tl.RawUser> {
  const { users } = await person.main.call({ _: 'contacts.resolveUsername', username: bot.username });
  await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message, randomId: randomLong() });
  return users[0] as tl.RawUser;
}
