import { describe, expect, test } from 'vitest';
import { makeBot } from '../scenarios/bot-stage.ts';
import type { DriverClient, Library, Plain } from './driver-client.ts';
import { LIBRARIES, MISSING, TRANSPORT, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const ALL: Library[] = [...LIBRARIES, ...(MISSING.tdlib === undefined ? (['tdlib'] as const) : [])];
const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 120_000;

/** A bot that logs in with a library. */
interface Bot {
  client: DriverClient;
  id: number;
  username: string;
}

/** A press of a button, in the form of no library. */
interface Press {
  query: string;
  user: number;
  data: string;
}

const bytesOf = (data: unknown): string => Buffer.from(data as string, 'hex').toString();

/** What the library of a bot says of a press; TDLib has words of its own for it. */
function readPress(update: Plain): Press | undefined {
  if (update._ === 'updateBotCallbackQuery') return { query: String(update['query_id']), user: Number(update['user_id']), data: bytesOf(update['data']) };
  if (update._ !== 'updateNewCallbackQuery') return undefined;
  const { data } = update['payload'] as { data: string };
  return { query: String(update['id']), user: Number(update['sender_user_id']), data: Buffer.from(data, 'base64').toString() };
}

/** Waits until somebody presses a button with these data. */
async function seesPress({ client }: Bot, data: string): Promise<Press> {
  const event = await client.sees(`a press of ${data}`, (one) => one.kind === 'update' && readPress(one.update)?.data === data);
  return readPress((event as { update: Plain }).update)!;
}

/** Makes a bot whose name begins with its library, and logs in as it. */
async function startBot(library: Library): Promise<Bot> {
  const { id, username, token } = await makeBot({ server: { databaseUrl: libraries.db.url, dataDir: libraries.server.dataDir } }, `${library}_tea_bot`);
  const client = libraries.drivers.get(library)!.client(username);
  await client.open({ server: libraries.server.info, transport: TRANSPORT[library] });
  expect(await client.loginBot({ token })).toMatchObject({ id, firstName: username });
  return { client, id, username };
}

/** The bot offers buttons in a chat, the person presses one, and the bot answers. @returns the bot's id of the message */
async function offerTea(bot: Bot, person: Person, { peer, ofBot }: { peer: number; ofBot: number }, labels: string[]): Promise<number> {
  const text = `${labels.join(' or ')}?`;
  const { id } = await bot.client.offer({ peer: ofBot, text, buttons: labels });
  const seen = await person.client.seesMessage(text);
  expect(seen).toMatchObject({ peer, out: false });
  const [answer, press] = await Promise.all([
    person.client.press({ peer, id: seen.id, data: labels[1]! }),
    seesPress(bot, labels[1]!).then(async (press) => {
      await bot.client.answerPress({ query: press.query, text: `one ${press.data}`, isAlert: true });
      return press;
    }),
  ]);
  expect(press.user).toBe(person.id);
  expect(answer).toEqual({ text: `one ${labels[1]!}`, isAlert: true });
  return id;
}

describe('bots of every library talk to people of every other', () => {
  for (const [at, library] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;

    test(`a bot with ${library}, a person with ${other}`, { timeout: TIMEOUT_MS }, async () => {
      const bot = await startBot(library);
      const person = await enter(libraries, other, 'Person');
      expect(await person.client.findPerson({ username: bot.username })).toEqual({ id: bot.id });
      await person.client.send({ peer: bot.id, text: '/start' });
      expect(await bot.client.seesMessage('/start')).toMatchObject({ peer: person.id, out: false });

      const id = await offerTea(bot, person, { peer: bot.id, ofBot: person.id }, ['tea', 'coffee']);
      await bot.client.edit({ peer: person.id, id, text: 'coffee is coming' });
      await person.client.sees('the edit', (event) => event.kind === 'edit' && event.text === 'coffee is coming');

      const { peer: group } = await person.client.createGroup({ users: [bot.id], title: 'Kitchen' });
      await person.client.send({ peer: group, text: `/menu@${bot.username}` });
      await bot.client.seesMessage(`/menu@${bot.username}`);
      await offerTea(bot, person, { peer: group, ofBot: group }, ['black', 'white']);

      const { peer: large } = await person.client.createSupergroup({ title: 'Canteen' });
      await person.client.addMembers({ peer: large, users: [bot.id] });
      await person.client.send({ peer: large, text: `/list@${bot.username}` });
      await bot.client.seesMessage(`/list@${bot.username}`);
      await offerTea(bot, person, { peer: large, ofBot: large }, ['soup', 'salad']);
      await bot.client.close();
      await person.client.close();
      if (MISSING.tdlib === undefined) expect(await libraries.drivers.get('tdlib')!.client('tdlib').complaints()).toEqual([]);
    });
  }
});
