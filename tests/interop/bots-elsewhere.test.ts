import type { Actor } from '@aerogram/dev-env';
import { findFreePort } from '@aerogram/dev-env/load';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BotHomes, startBotHomes } from '../scenarios/bot-elsewhere-stage.ts';
import { type MadeBot, UNHURRIED_BOTS, write } from '../scenarios/bot-stage.ts';
import { asking } from '../scenarios/inline-stage.ts';
import { say } from './bot-api-story.ts';
import { BOT_LIBRARIES, type BotLibrary, BotProcess, type BotProgram } from './bot-program.ts';
import { textOf } from './people-of-libraries.ts';

// python-telegram-bot shows the text without its beginning.
const NO_MEDIA = /^400 .*not enough rights to send media messages to the chat$/i;

let stage: BotHomes;
const processes = new Map<BotLibrary, BotProcess>();
beforeAll(async () => {
  for (const library of BOT_LIBRARIES) processes.set(library, new BotProcess(library));
  stage = await startBotHomes(UNHURRIED_BOTS);
}, 120_000);
afterAll(async () => {
  for (const process of processes.values()) await process[Symbol.asyncDispose]();
  await stage?.[Symbol.asyncDispose]();
}, 60_000);

/** Starts a bot, by hand and by a link, and asks for its keyboard. @returns the id of the message with it */
async function meet(person: Actor, made: MadeBot): Promise<number> {
  await write(person, made, '/start');
  await person.sees(`hello ${person.name}`);
  await person.main.change({ _: 'messages.startBot', bot: person.main.inputUser(made.id), peer: person.main.inputPeer(made.id), randomId: randomLong(), startParam: 'flyer' });
  await person.sees(`hello ${person.name}, flyer`);
  await say({ person }, made.id, '/tea');
  const { id, raw } = await person.sees('tea or coffee?');
  expect(raw).toMatchObject({ reply_markup: { rows: [{ buttons: [{ text: 'tea' }] }, { buttons: [{ text: 'coffee' }] }] } });
  return id;
}

const press = (person: Actor, made: MadeBot, msgId: number): Promise<unknown> => person.main.call({ _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(made.id), msgId, data: Buffer.from('coffee') });

/** Goes from polling to a webhook. */
async function moveToWebhook(bot: BotProgram, made: MadeBot, people: readonly Actor[]): Promise<void> {
  await bot.stopPolling();
  const port = await findFreePort();
  await bot.startWebhook({ port, secret: 'mint_and-sage' });
  expect(await bot.raw('getWebhookInfo')).toMatchObject({ url: expect.stringContaining(`:${port}/`) as string });
  for (const person of people) {
    await say({ person }, made.id, 'say one');
    await person.sees('said one');
  }
  await bot.stopWebhook();
}

describe.each(BOT_LIBRARIES)('a bot with %s', (library) => {
  test('serves people of two data centres', { timeout: 120_000 }, async () => {
    const made = await stage.makeBot(`${library}_far_bot`);
    const bot = processes.get(library)!.program(made.username);
    const { host, port } = stage.homes.two.info.http;
    await bot.open({ root: `http://${host}:${port}`, token: made.token, photos: [], sticker: '' });
    await bot.startPolling();
    const [ann, ben] = [await stage.person(1, 'Ann'), await stage.person(2, 'Ben')];
    expect(await press(ben, made, await meet(ben, made))).toMatchObject({ message: 'one coffee', alert: true });
    await ben.sees('coffee is coming');
    await expect(press(ann, made, await meet(ann, made))).rejects.toThrow('BOT_INVALID');
    await expect(ann.main.call(asking(ann, { id: made.id }, 'mint'))).rejects.toThrow('BOT_INVALID');
    expect(await textOf(bot.raw('sendDice', { chat_id: ann.id }))).toMatch(NO_MEDIA);
    expect(await textOf(bot.raw('sendDice', { chat_id: ben.id }))).toBe('no error');
    await moveToWebhook(bot, made, [ann, ben]);
    await bot.startPolling();

    await ann.main.call({ _: 'contacts.block', id: ann.main.inputPeer(made.id) });
    await bot.sees('result', ({ method, result }) => method === 'getUpdates' && JSON.stringify(result).includes('"kicked"'));
    expect(await textOf(bot.send({ chat: ann.id, text: 'the end' }))).toMatch(/^403 .*bot was blocked by the user$/);
    await bot.stopPolling();
    expect(bot.events.filter(({ kind }) => kind === 'broken')).toEqual([]);
  });

  test('learns from the wrong data centre where it lives', async () => {
    const made = await stage.makeBot(`${library}_lost_bot`);
    const [wrong, right] = [stage.homes.one.info.http, stage.homes.two.info.http];
    const open = processes.get(library)!.program(made.username).open({ root: `http://${wrong.host}:${wrong.port}`, token: made.token, photos: [], sticker: '' });
    expect(await textOf(open)).toContain(`the bot lives in data centre 2, http://${right.host}:${right.port}`);
  });
});
