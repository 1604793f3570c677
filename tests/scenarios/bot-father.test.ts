import { type Actor, BotClient, type BoxMessage } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scenario, startScenario } from './scenario.ts';

const FATHER_ID = 93_372_553;
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ env: { AEROGRAM_BOTS_PER_OWNER_MAX: '3' } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Somebody who has found BotFather. */
async function findFather(name: string, langCode = 'en'): Promise<Actor> {
  const person = await scenario.world.user(name, { langCode });
  await person.main.call({ _: 'contacts.resolveUsername', username: 'BotFather' });
  return person;
}

/** Says something to BotFather. @returns the answer */
async function say(person: Actor, message: string): Promise<BoxMessage> {
  const { main } = person;
  const answered = new Set([...main.state.messages.values()].filter(({ peer }) => peer === FATHER_ID).map(({ id }) => id));
  await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(FATHER_ID), message, randomId: randomLong() });
  const find = (): BoxMessage | undefined => [...main.state.messages.values()].find(({ id, peer, from }) => peer === FATHER_ID && from === FATHER_ID && !answered.has(id));
  await main.waitUntil(`an answer to "${message}"`, () => find() !== undefined);
  return find()!;
}

/** A message as the server has it now. */
async function read(person: Actor, id: number): Promise<tl.RawMessage> {
  const { messages } = (await person.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] })) as tl.messages.RawMessages;
  return messages[0] as tl.RawMessage;
}

const labelsOf = ({ replyMarkup }: tl.RawMessage): string[] => (replyMarkup && 'rows' in replyMarkup ? replyMarkup.rows.flatMap(({ buttons }) => buttons.map(({ text }) => text)) : []);

/** Presses a button of a message of BotFather by its label. @returns the message afterwards */
async function press(person: Actor, id: number, label: string): Promise<tl.RawMessage> {
  const { replyMarkup } = await read(person, id);
  const buttons = replyMarkup?._ === 'replyInlineMarkup' ? replyMarkup.rows.flatMap((row) => row.buttons) : [];
  const button = buttons.find((one): one is tl.RawKeyboardButtonCallback => one._ === 'keyboardButtonCallback' && one.text === label);
  await person.main.call({ _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(FATHER_ID), msgId: id, data: button!.data });
  return read(person, id);
}

/** Makes a bot by a talk. @returns its token */
async function makeBot(person: Actor, name: string, username: string): Promise<string> {
  await say(person, '/newbot');
  await say(person, name);
  return tokenIn((await say(person, username)).text);
}

const tokenIn = (text: string): string => /\d+:[\w-]{35}/.exec(text)?.[0] ?? `no token in: ${text}`;

describe('BotFather', () => {
  test('makes a bot, which logs in with the token and is found by its name', async () => {
    const person = await findFather('Ann');
    expect((await say(person, '/start')).text).toContain('/newbot');
    expect((await say(person, 'what?')).text).toContain('/help');
    expect((await say(person, '/newbot')).text).toContain('What shall it be called?');
    expect((await say(person, 'Tea Machine')).text).toContain('username');
    expect((await say(person, 'tea machine')).text).toContain('5 to 32');
    expect((await say(person, 'tea_machine')).text).toContain('must end in “bot”');
    expect((await say(person, 'BotFather_bot')).text).toContain('taken');
    const made = await say(person, '@Tea_bot');
    expect(made.text).toContain('https://t.me/Tea_bot');
    const token = tokenIn(made.text);
    expect((await read(person, made.id)).entities).toMatchObject([{ _: 'messageEntityUrl' }, { _: 'messageEntityCode', length: token.length }]);

    await using bot = await BotClient.logIn(scenario.server, token);
    const { users } = await person.main.call({ _: 'contacts.resolveUsername', username: 'Tea_bot' });
    expect(users[0]).toMatchObject({ id: bot.id, firstName: 'Tea Machine', bot: true, botCanEdit: true });
    expect(tokenIn(await tokenOf(person, '@Tea_bot'))).toBe(token);
    expect((await say(person, '/cancel')).text).toContain('nothing to stop');
  });

  test('shows bots as buttons, which change them', async () => {
    const person = await findFather('Bob');
    expect((await say(person, '/mybots')).text).toContain('no bots yet');
    const token = await makeBot(person, 'Bell', 'Bell_bot');
    await makeBot(person, 'Clock', 'Clock_bot');
    const { id } = await say(person, '/mybots');
    expect(labelsOf(await read(person, id))).toHaveLength(2);
    expect(await press(person, id, '@Bell_bot')).toMatchObject({ message: expect.stringContaining('Bell (@Bell_bot)') as unknown });
    expect((await press(person, id, 'Show token')).message).toContain(token);
    await press(person, id, '« Back');
    expect(labelsOf(await press(person, id, 'Privacy mode: on'))).toContain('Privacy mode: off');
    expect(labelsOf(await press(person, id, 'Groups: allowed'))).toContain('Groups: not allowed');
    const { users } = await person.main.call({ _: 'contacts.resolveUsername', username: 'Bell_bot' });
    expect(users[0]).toMatchObject({ botChatHistory: true, botNochats: true, botInfoVersion: 3 });

    const fresh = tokenIn((await press(person, id, 'Replace token')).message);
    expect(fresh).not.toBe(token);
    await expect(BotClient.logIn(scenario.server, token)).rejects.toThrow('ACCESS_TOKEN_EXPIRED');
    await press(person, id, '« Back');
    await press(person, id, 'Delete bot');
    expect((await press(person, id, 'Yes, delete it')).message).toContain('deleted');
    expect(labelsOf(await press(person, id, '« All bots'))).toEqual(['@Clock_bot']);
  });

  test('changes what is chosen by commands and keys, in the language of the person', async () => {
    const person = await findFather('Carl', 'de');
    await makeBot(person, 'Wecker', 'Wecker_bot');
    const choice = await say(person, '/setprivacy');
    expect(choice.text).toBe('Welchen Bot?');
    expect(labelsOf(await read(person, choice.id))).toEqual(['@Wecker_bot']);
    expect((await say(person, '@Fremder_bot')).text).toContain('Einen solchen Bot hast du nicht');
    const question = await say(person, '@Wecker_bot');
    expect(labelsOf(await read(person, question.id))).toEqual(['Einschalten', 'Ausschalten']);
    expect((await say(person, 'vielleicht')).text).toContain('beiden Tasten');
    expect((await say(person, 'Ausschalten')).text).toContain('Fertig');
    for (const [command, value] of [['/setname', 'Klingel'], ['/setabouttext', 'Weckt dich.'], ['/setdescription', 'Sag mir, wann.'], ['/setcommands', 'start - anfangen\n/Stop – aufhören'], ['/setinlinefeedback', '10'], ['/setinline', 'Uhrzeit …'], ['/setinlinegeo', 'Einschalten'], ['/setjoingroups', 'Ausschalten']] as const) {
      await say(person, command);
      await say(person, '@Wecker_bot');
      expect((await say(person, value)).text).toContain('Fertig');
    }
    const { users } = await person.main.call({ _: 'contacts.resolveUsername', username: 'Wecker_bot' });
    expect(users[0]).toMatchObject({ firstName: 'Klingel', botChatHistory: true, botNochats: true, botInlineGeo: true, botInlinePlaceholder: 'Uhrzeit …' });
    const { fullUser } = await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(users[0]!.id) });
    expect(fullUser).toMatchObject({ about: 'Weckt dich.', botInfo: { description: 'Sag mir, wann.', commands: [{ command: 'start', description: 'anfangen' }, { command: 'stop', description: 'aufhören' }] } });

    await say(person, '/deletebot');
    await say(person, '@Wecker_bot');
    expect((await say(person, 'ja')).text).toContain('nichts gelöscht');
    expect((await say(person, 'Ja, löschen.')).text).toContain('gelöscht');
    expect((await say(person, '/mybots')).text).toContain('noch keine Bots');
  });

  test('keeps to the limit of bots of one owner, and shows nobody the bots of others', async () => {
    const person = await findFather('Dora');
    for (const name of ['One', 'Two', 'Three']) await makeBot(person, name, `${name}_dora_bot`);
    await say(person, '/newbot');
    await say(person, 'Four');
    expect((await say(person, 'Four_dora_bot')).text).toContain('3 bots');
    const other = await findFather('Eve');
    await makeBot(other, 'Own', 'Own_eve_bot');
    expect(await tokenOf(other, '@One_dora_bot')).toContain('no such bot');
  });
});

async function tokenOf(person: Actor, username: string): Promise<string> {
  await say(person, '/token');
  return (await say(person, username)).text;
}
