import { describe, expect, test } from 'vitest';
import { makeBot } from '../scenarios/bot-stage.ts';
import type { DriverClient, Library, Plain } from './driver-client.ts';
import { LIBRARIES, MISSING, TDLIB_ID_STEP, TRANSPORT, useLibraries } from './libraries.ts';
import { closeAll, enter, enterPair, type Person, randomId } from './people-of-libraries.ts';

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
  if (update._ === 'updateBotCallbackQuery' || update._ === 'updateInlineBotCallbackQuery') return { query: String(update['query_id']), user: Number(update['user_id']), data: bytesOf(update['data']) };
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

const FATHER_ID = 93_372_553;

/** Says something to BotFather. @returns its answer, which contains these words */
async function tellFather({ client }: Person, text: string, words: string): Promise<string> {
  const before = client.events.length;
  await client.send({ peer: FATHER_ID, text });
  const event = await client.sees(`"${words}" of BotFather`, (one) => one.kind === 'message' && !one.out && one.peer === FATHER_ID && one.text.includes(words) && client.events.indexOf(one) >= before);
  return (event as { text: string }).text;
}

/** Makes a bot in a talk with BotFather. @returns its token */
async function makeByTalk(person: Person, name: string, username: string): Promise<string> {
  expect(await person.client.findPerson({ username: 'BotFather' })).toEqual({ id: FATHER_ID });
  await tellFather(person, '/newbot', 'What shall it be called?');
  await tellFather(person, name, 'username');
  return /\d+:[\w-]{35}/.exec(await tellFather(person, username, 'This is its token'))![0];
}

/** Presses a button of a message while the bot answers. */
async function pressAndAnswer(bot: Bot, person: Person, at: { peer: number; id: number }, data: string): Promise<void> {
  const fits = (press: Press | undefined): boolean => press?.data === data && press.user === person.id;
  const answering = bot.client.sees(`a press of ${data} by ${person.firstName}`, (one) => one.kind === 'update' && fits(readPress(one.update))).then((event) =>
    bot.client.answerPress({ query: readPress((event as { update: Plain }).update)!.query, text: `for ${person.firstName}`, isAlert: false }));
  const [answer] = await Promise.all([person.client.press({ ...at, data }), answering]);
  expect(answer).toEqual({ text: `for ${person.firstName}`, isAlert: false });
}

/** Answers an inline query with one text, which has a button. */
async function answerQuery(bot: Bot, query: string): Promise<void> {
  const { query_id } = await bot.client.seesUpdate('updateBotInlineQuery', { query });
  const button = { _: 'keyboardButtonCallback', text: query, data: { $bytes: Buffer.from(query).toString('hex') } };
  const reply_markup = { _: 'replyInlineMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [button] }] };
  const send_message = { _: 'inputBotInlineMessageText', message: `a cup of ${query}`, reply_markup };
  const result = { _: 'inputBotInlineResult', id: 'cup', type: 'article', title: query, send_message };
  await bot.client.invoke('messages.setInlineBotResults', { query_id: { $long: String(query_id) }, results: [result], cache_time: 0 });
}

describe.runIf(MISSING.tdlib === undefined)('a bot that people make in the chat with BotFather', () => {
  test('logs in with another library, and is used by people with two', { timeout: TIMEOUT_MS }, async () => {
    const [ann, ben] = await enterPair(libraries, 'tdlib', 'mtcute');
    const token = await makeByTalk(ann, 'Tea kitchen', 'kitchen_tea_bot');
    const other = await makeByTalk(ben, 'Coffee kitchen', 'kitchen_coffee_bot');
    expect(other.split(':')[0]).not.toBe(token.split(':')[0]);
    await tellFather(ann, '/setinline', 'Which bot?');
    await tellFather(ann, '@kitchen_tea_bot', 'inline query');
    await tellFather(ann, 'Which tea?', 'Done');

    const client = libraries.drivers.get('gramjs')!.client('kitchen_tea_bot');
    await client.open({ server: libraries.server.info, transport: TRANSPORT.gramjs });
    const { id, firstName } = await client.loginBot({ token });
    expect([String(id), firstName]).toEqual([token.split(':')[0], 'Tea kitchen']);
    const bot: Bot = { client, id, username: 'kitchen_tea_bot' };
    for (const person of [ann, ben]) {
      expect(await person.client.findPerson({ username: bot.username })).toEqual({ id });
      await person.client.send({ peer: id, text: `/start ${person.firstName}` });
      await client.seesMessage(`/start ${person.firstName}`);
      await client.offer({ peer: person.id, text: `sugar, ${person.firstName}?`, buttons: ['yes', 'no'] });
      const seen = await person.client.seesMessage(`sugar, ${person.firstName}?`);
      await pressAndAnswer(bot, person, { peer: id, id: seen.id }, 'yes');
    }

    // The bot is no member of the group in which it is used.
    const { peer } = await ann.client.createGroup({ users: [ben.id], title: 'Kitchen' });
    await ann.client.send({ peer, text: 'what do we drink?' });
    await ben.client.seesMessage('what do we drink?');
    const [found] = await Promise.all([
      ann.client.request<{ inline_query_id: string; results: { id: string }[] }>({ _: 'getInlineQueryResults', bot_user_id: id, chat_id: peer, query: 'mint', offset: '' }),
      answerQuery(bot, 'mint'),
    ]);
    await ann.client.request({ _: 'sendInlineQueryResultMessage', chat_id: peer, query_id: found.inline_query_id, result_id: found.results[0]!.id });
    const mint = await ben.client.seesMessage('a cup of mint');

    const [results] = await Promise.all([
      ben.client.invoke('messages.getInlineBotResults', { bot: { $user: id }, peer: { $peer: peer }, query: 'sage', offset: '' }),
      answerQuery(bot, 'sage'),
    ]);
    await ben.client.invoke('messages.sendInlineBotResult', { peer: { $peer: peer }, random_id: randomId(), query_id: { $long: String(results['query_id']) }, id: 'cup' });
    const sage = await ann.client.seesMessage('a cup of sage');
    const shown = await ann.client.request<{ via_bot_user_id: number }>({ _: 'getMessage', chat_id: peer, message_id: sage.id * TDLIB_ID_STEP });
    expect(shown.via_bot_user_id).toBe(id);
    await pressAndAnswer(bot, ben, { peer, id: mint.id }, 'mint');
    await pressAndAnswer(bot, ann, { peer, id: sage.id }, 'sage');

    await client.close();
    await closeAll(ann, ben);
    expect(await libraries.drivers.get('tdlib')!.client('tdlib').complaints()).toEqual([]);
  });
});
