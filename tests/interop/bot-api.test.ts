import { readFileSync } from 'node:fs';
import { ALIASES, BOT_METHODS } from '@aerogram/bot-api';
import type { Actor } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkObject } from '../../packages/bot-api/test/object-types.ts';
import { type BotEvent, BOT_LIBRARIES, type BotLibrary, BotProcess } from './bot-program.ts';
import { greet, handInFile, holdPoll, lookAtAlbum, MESSAGES_PER_PERSON, moveGroup, moveToWebhook, openBot, orderCoffee, orderInline, orderPack, pollTwice, reactInGroup, say, type Talk, writeTooMuch } from './bot-api-story.ts';
import { useLibraries } from './libraries.ts';
import { textOf } from './people-of-libraries.ts';

const TIMEOUT_MS = 120_000;
const libraries = useLibraries({ AEROGRAM_BOT_MESSAGES_PER_PERSON: String(MESSAGES_PER_PERSON) }, []);
const processes = new Map<BotLibrary, BotProcess>();
const talks: (Talk & { reader: Actor })[] = [];
beforeAll(() => {
  for (const library of BOT_LIBRARIES) processes.set(library, new BotProcess(library));
});
afterAll(async () => {
  for (const process of processes.values()) await process[Symbol.asyncDispose]();
  await libraries.world?.[Symbol.asyncDispose]();
}, 60_000);

const open = (library: BotLibrary, username: string): ReturnType<typeof openBot> => openBot({ server: libraries.server, databaseUrl: libraries.db.url, process: processes.get(library)! }, username);

const WAVES = JSON.parse(readFileSync(new URL('../../packages/schema/botapi.json', import.meta.url), 'utf8')) as Record<string, { wave: number }>;
const PRESENT = new Set([...BOT_METHODS.map(({ method }) => method.toLowerCase()), ...Object.keys(ALIASES)]);

/** Methods of the waves 1 and 2 for something that the server may not have yet. */
const LATER: ReadonlySet<string> = new Set([
  'sendLivePhoto', 'sendRichMessage', 'sendRichMessageDraft', 'getUserProfileAudios', 'getUserPersonalChatMessages',
  // Messages that one member sees, mini apps and guests.
  'deleteEphemeralMessage', 'editEphemeralMessageCaption', 'editEphemeralMessageMedia', 'editEphemeralMessageReplyMarkup', 'editEphemeralMessageText',
  'answerChatJoinRequestQuery', 'answerGuestQuery', 'answerWebAppQuery', 'savePreparedInlineMessage', 'savePreparedKeyboardButton', 'sendChatJoinRequestWebApp',
]);

/** Types of results that are neither `true` nor a number. Those that are not named here must be. */
const RESULTS: Readonly<Record<string, string>> = {
  getMe: 'UserFromGetMe', getUpdates: 'Update[]', getWebhookInfo: 'WebhookInfo', getFile: 'File', getMyCommands: 'BotCommand[]', getMyName: 'BotName',
  getMyDescription: 'BotDescription', getMyShortDescription: 'BotShortDescription', getMyDefaultAdministratorRights: 'ChatAdministratorRights', getChatMenuButton: 'MenuButton',
  getCustomEmojiStickers: 'Sticker[]', getForumTopicIconStickers: 'Sticker[]', getStickerSet: 'StickerSet', uploadStickerFile: 'File', sendSticker: 'Message', sendMessage: 'Message', sendMediaGroup: 'Message[]', editMessageText: 'Message', sendPoll: 'Message', stopPoll: 'Poll',
};

/** What the results and updates of a program differ in from the types of the reference. */
function misfits(events: readonly BotEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind === 'update') return checkObject('Update', event.update);
    if (event.kind !== 'result') return [];
    const type = RESULTS[event.method];
    if (type !== undefined) return checkObject(type, event.result).map((problem) => `${event.method}: ${problem}`);
    return event.result === true || typeof event.result === 'number' ? [] : [`${event.method}: ${JSON.stringify(event.result)}`];
  });
}

test('the methods that most bots need are there', () => {
  const absent = Object.entries(WAVES).flatMap(([method, { wave }]) => (wave < 3 && !PRESENT.has(method.toLowerCase()) ? [method] : []));
  expect(absent.filter((method) => !LATER.has(method))).toEqual([]);
});

describe.each(BOT_LIBRARIES)('a bot with %s', (library) => {
  test('gets a result or an error that the library knows from every method without parameters', { timeout: TIMEOUT_MS }, async () => {
    const { bot } = await open(library, `${library}_raw_bot`);
    const all = library === 'ptb' ? await bot.methods() : Object.keys(WAVES);
    // After it, all others are refused.
    const isLogOut = (method: string): boolean => method.toLowerCase() === 'logout';
    const methods = [...all.filter((method) => !isLogOut(method)), ...all.filter(isLogOut)];
    const outcomes = new Map<string, string>();
    for (const method of methods) outcomes.set(method, await textOf(bot.raw(method)));
    const wrong = [...outcomes].filter(([method, outcome]) => !(PRESENT.has(method.toLowerCase()) ? /^(no error$|400 |403 |409 )/ : /^404 /).test(outcome));
    expect(wrong).toEqual([]);
    expect(methods.length).toBeGreaterThan(library === 'ptb' ? 80 : 180);
    expect(misfits(bot.events)).toEqual([]);
  });

  test('talks to people, by polling and by a webhook', { timeout: TIMEOUT_MS }, async () => {
    const { world } = libraries;
    const [person, reader] = [await world.user('Ann'), await world.user('Ben')];
    const talk = { ...(await open(library, `${library}_tea_bot`)), person, reader };
    talks.push(talk);
    await greet(talk);
    await orderCoffee(talk);
    await lookAtAlbum(talk);
    await orderPack(talk);
    await handInFile(talk);
    await orderInline(talk, reader);
    await holdPoll(talk);
    await reactInGroup(talk);
    await moveToWebhook(talk);
    await pollTwice(talk);
    await moveGroup(talk);
    await writeTooMuch(talk, reader);
    expect(talk.bot.events.filter(({ kind }) => kind === 'broken')).toEqual([]);
    expect(misfits(talk.bot.events)).toEqual([]);
  });
});

/** Whether a poller got a message with this text. */
const hasGot = (event: BotEvent, text: string): boolean =>
  event.kind === 'result' && event.method === 'getUpdates' && (event.result as { message?: { text?: string } }[]).some(({ message }) => message?.text === text);

test('pollers miss nothing when the server is killed and started again', { timeout: TIMEOUT_MS }, async () => {
  const texts = ['say five', 'say six', 'say seven'];
  for (const talk of talks) for (const text of texts) await say(talk, talk.made.id, text);
  for (const { person, reader } of talks) for (const one of [person, reader]) await one.main.goOffline();
  await libraries.server.restart();
  for (const talk of talks) {
    await talk.person.main.goOnline();
    await talk.person.main.catchUp();
    await say(talk, talk.made.id, 'say eight');
  }
  for (const { bot, person } of talks) {
    // What was received while the server was away could not be answered.
    for (const text of texts) await bot.sees('result', (event) => hasGot(event, text));
    await person.sees('said eight');
  }
});
