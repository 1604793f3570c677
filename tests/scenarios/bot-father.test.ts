import { type Actor, BotClient, type BoxMessage, type Device } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate } from './bot-stage.ts';
import { makeFile, uploadedDocument } from './file-stage.ts';
import { loadAt, makePicture, peerPhotoLocation, uploadedPhoto } from './photo-stage.ts';
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

/** What a device has from BotFather. */
const answersOf = ({ state }: Device): BoxMessage[] => [...state.messages.values()].filter(({ peer, from }) => peer === FATHER_ID && from === FATHER_ID);

/** Sends something to BotFather. @returns the answer */
async function ask({ main }: Actor, what: string, send: () => Promise<unknown>): Promise<BoxMessage> {
  const before = new Set(answersOf(main).map(({ id }) => id));
  await send();
  const find = (): BoxMessage | undefined => answersOf(main).find(({ id }) => !before.has(id));
  await main.waitUntil(`an answer to "${what}"`, () => find() !== undefined);
  return find()!;
}

/** Says something to BotFather. @returns the answer */
const say = (person: Actor, message: string): Promise<BoxMessage> =>
  ask(person, message, () => person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(FATHER_ID), message, randomId: randomLong() }));

/** Sends BotFather something that is no text. @returns the answer */
const show = (person: Actor, media: tl.TypeInputMedia, message = ''): Promise<BoxMessage> =>
  ask(person, media._, () => person.main.change({ _: 'messages.sendMedia', peer: person.main.inputPeer(FATHER_ID), media, message, randomId: randomLong() }));

/** A place on earth, which is no text. */
const PLACE: tl.RawInputMediaGeoPoint = { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 52.5, long: 13.4 } };

/** Somebody looks a bot up. */
async function find(person: Actor, username: string): Promise<tl.RawUser> {
  const { users } = await person.main.call({ _: 'contacts.resolveUsername', username });
  return users[0] as tl.RawUser;
}

/** Does something, and waits until somebody who was shown a bot is told that it is another one. @returns the bot as it is then */
async function seesChange(viewer: Actor, username: string, change: () => Promise<unknown>): Promise<tl.RawUser> {
  const { id } = await find(viewer, username);
  const count = (): number => viewer.main.events.filter((event) => event._ === 'updateUser' && event.userId === id).length;
  const before = count();
  await change();
  await viewer.main.waitUntil(`a change of ${username}`, () => count() > before);
  return find(viewer, username);
}

/** A message as the server has it now. */
async function read(person: Actor, id: number): Promise<tl.RawMessage> {
  const { messages } = (await person.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] })) as tl.messages.RawMessages;
  return messages[0] as tl.RawMessage;
}

const labelsOf = ({ replyMarkup }: tl.RawMessage): string[] => (replyMarkup && 'rows' in replyMarkup ? replyMarkup.rows.flatMap(({ buttons }) => buttons.map(({ text }) => text)) : []);

/** Presses a button of a message of BotFather by its label. @returns the message afterwards */
async function press(person: Actor, id: number, label: string, device = person.main): Promise<tl.RawMessage> {
  const { replyMarkup } = await read(person, id);
  const buttons = replyMarkup?._ === 'replyInlineMarkup' ? replyMarkup.rows.flatMap((row) => row.buttons) : [];
  const button = buttons.find((one): one is tl.RawKeyboardButtonCallback => one._ === 'keyboardButtonCallback' && one.text === label);
  // The library would hide a failure of the server by asking again.
  await device.client.call({ _: 'messages.getBotCallbackAnswer', peer: device.inputPeer(FATHER_ID), msgId: id, data: button!.data }, { maxRetryCount: 0 });
  return read(person, id);
}

/** Chooses a bot for a command. @returns the question */
async function choose(person: Actor, command: string, username: string): Promise<BoxMessage> {
  await say(person, command);
  return say(person, `@${username}`);
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

  test.each([
    ['en', 'make a bot', 'Edit a bot'],
    ['de', 'einen Bot anlegen', 'Einen Bot ändern'],
    // There are no texts in French.
    ['fr', 'make a bot', 'Edit a bot'],
  ])('has a menu of the commands that its help lists, in the language of whoever looks (%s)', async (langCode, description, heading) => {
    const person = await findFather('Lea', langCode);
    const { fullUser } = await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(FATHER_ID) });
    expect(fullUser.botInfo).toMatchObject({ userId: FATHER_ID, menuButton: { _: 'botMenuButtonCommands' }, commands: expect.arrayContaining([expect.objectContaining({ command: 'newbot', description })]) as unknown });
    const { text } = await say(person, '/help');
    expect(text).toContain(`\n\n${heading}\n/setname – `);
    const inHelp = [...text.matchAll(/^\/(\w+) – (.*)$/gm)].map(([, command, does]) => ({ command, description: does }));
    expect(fullUser.botInfo?.commands?.map((one) => ({ command: one.command, description: one.description }))).toEqual(inHelp);
  });

  test('knows each command of its menu', async () => {
    const person = await findFather('Max');
    await makeBot(person, 'Kettle', 'Kettle_bot');
    const { fullUser } = await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(FATHER_ID) });
    const { commands = [] } = fullUser.botInfo!;
    expect(commands.length).toBeGreaterThan(10);
    for (const { command } of commands) expect((await say(person, `/${command}`)).text, command).not.toContain('do not know this command');
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

  test('tells those who look at a bot that a setting is another one, once', async () => {
    const [person, viewer] = [await findFather('Fay'), await scenario.world.user('Viewer')];
    await makeBot(person, 'Lamp', 'Lamp_bot');
    const { botInfoVersion: first = 0 } = await find(viewer, 'Lamp_bot');
    await choose(person, '/setjoingroups', 'Lamp_bot');
    expect(await seesChange(viewer, 'Lamp_bot', () => say(person, 'Disable'))).toMatchObject({ botNochats: true, botInfoVersion: first + 1 });
    await choose(person, '/setname', 'Lamp_bot');
    expect(await seesChange(viewer, 'Lamp_bot', () => say(person, 'Lantern'))).toMatchObject({ firstName: 'Lantern', botInfoVersion: first + 2 });
    expect(await seesChange(viewer, 'Lamp_bot', () => operate(scenario, 'bot', 'set', '@Lamp_bot', '--groups', 'on'))).toMatchObject({ botNochats: false, botInfoVersion: first + 3 });
    // What is so already changes nothing.
    await choose(person, '/setjoingroups', 'Lamp_bot');
    await say(person, 'Enable');
    expect(await find(viewer, 'Lamp_bot')).toMatchObject({ botInfoVersion: first + 3 });
  });

  test('makes a photo the picture of a bot, and takes it away', async () => {
    const [person, viewer] = [await findFather('Gus'), await scenario.world.user('Viewer')];
    await makeBot(person, 'Easel', 'Easel_bot');
    const photo = await uploadedPhoto(person.main, await makePicture(800, 600));
    expect((await choose(person, '/setuserpic', 'Easel_bot')).text).toContain('Send me a photo');
    expect((await say(person, 'a cat')).text).toContain('no photo');
    expect((await show(person, await uploadedDocument(person.main, makeFile(100, 'cat.jpg')))).text).toContain('no photo');
    expect((await show(person, await uploadedPhoto(person.main, await makePicture(40, 40)))).text).toContain('cannot use this photo');
    const { id, photo: shown } = await seesChange(viewer, 'Easel_bot', () => show(person, photo, '/cancel'));
    if (shown?._ !== 'userProfilePhoto') throw new Error('the bot has no picture');
    expect(await sharp(await loadAt(viewer.main, peerPhotoLocation(viewer.main.inputPeer(id), shown.photoId, true))).metadata()).toMatchObject({ width: 600, height: 600 });

    // A button asks as the command does, and nothing is left of the pictures.
    const { id: menu } = await say(person, '/mybots');
    await press(person, menu, '@Easel_bot');
    expect((await ask(person, 'Picture', () => press(person, menu, 'Picture'))).text).toContain('Send me a photo');
    await seesChange(viewer, 'Easel_bot', async () => show(person, await uploadedPhoto(person.main, await makePicture(700, 700))));
    await choose(person, '/setuserpic', 'Easel_bot');
    expect((await seesChange(viewer, 'Easel_bot', () => say(person, '/empty'))).photo?._).not.toBe('userProfilePhoto');
    expect((await find(person, 'Easel_bot')).photo?._).not.toBe('userProfilePhoto');
  });

  test('sets the menu button, and says that it opens no mini apps', async () => {
    const person = await findFather('Hal', 'de');
    await makeBot(person, 'Tafel', 'Tafel_bot');
    const button = async (): Promise<string | undefined> => (await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser((await find(person, 'Tafel_bot')).id) })).fullUser.botInfo?.menuButton?._;
    const question = await choose(person, '/setmenubutton', 'Tafel_bot');
    expect(labelsOf(await read(person, question.id))).toEqual(['Befehle öffnen', 'Standard']);
    expect((await say(person, 'https://example.org/app')).text).toContain('Mini-App');
    expect((await say(person, 'irgendwas')).text).toContain('beiden Tasten');
    expect((await say(person, 'Befehle öffnen')).text).toContain('Fertig');
    expect(await button()).toBe('botMenuButtonCommands');
    expect((await choose(person, '/setmenubutton', 'Tafel_bot')).text).toContain('öffnet der Knopf');
    expect((await say(person, '/empty')).text).toContain('Fertig');
    expect(await button()).toBe('botMenuButtonDefault');
    const { id } = await say(person, '/mybots');
    expect(labelsOf(await press(person, id, '@Tafel_bot'))).toContain('Menüknopf: Standard');
    expect(labelsOf(await press(person, id, 'Menüknopf: Standard'))).toContain('Menüknopf: öffnet Befehle');
    expect(await button()).toBe('botMenuButtonCommands');
  });

  test('asks again for what is no text, too long or unknown, and changes nothing by it', async () => {
    const person = await findFather('Ida');
    expect((await say(person, '/dance')).text).toContain('do not know this command');
    expect((await show(person, PLACE)).text).toContain('do not know this command');
    expect((await say(person, '/setname')).text).toContain('no bots yet');
    await say(person, '/newbot');
    expect((await show(person, PLACE)).text).toContain('send me a text');
    expect((await say(person, 'n'.repeat(65))).text).toContain('1 to 64');
    await say(person, 'Oven');
    expect((await show(person, PLACE)).text).toContain('send me a text');
    await say(person, 'Oven_ida_bot');
    for (const [command, value, wrong, refusal] of [
      ['/setname', 'Stove', 'n'.repeat(65), '1 to 64'],
      ['/setabouttext', 'It bakes.', 'a'.repeat(121), '120 characters'],
      ['/setdescription', 'Ask it for bread.', 'd'.repeat(513), '512 characters'],
      ['/setcommands', '/bake - bake bread', 'bake bread', 'One command a line'],
      ['/setinline', 'Recipes…', 'p'.repeat(65), '1 to 64'],
      ['/setinlinefeedback', '7', '101', '0 to 100'],
    ] as const) {
      await choose(person, command, 'Oven_ida_bot');
      expect((await say(person, value)).text).toContain('Done');
      await choose(person, command, 'Oven_ida_bot');
      expect((await show(person, PLACE, 'a caption')).text).toContain('send me a text');
      expect((await say(person, wrong)).text).toContain(refusal);
      expect((await say(person, '/cancel')).text).toContain('was stopped');
    }
    const bot = await find(person, 'Oven_ida_bot');
    expect(bot).toMatchObject({ firstName: 'Stove', botInlinePlaceholder: 'Recipes…' });
    const { fullUser } = await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(bot.id) });
    expect(fullUser).toMatchObject({ about: 'It bakes.', botInfo: { description: 'Ask it for bread.', commands: [{ command: 'bake' }] } });
    // A text that was forwarded is a text.
    await choose(person, '/setname', 'Oven_ida_bot');
    const said = await person.main.sees('Oven');
    const peer = person.main.inputPeer(FATHER_ID);
    expect((await ask(person, 'a forward', () => person.main.change({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: peer, id: [said.id], randomId: [randomLong()] }))).text).toContain('Done');
    expect(await find(person, 'Oven_ida_bot')).toMatchObject({ firstName: 'Oven' });
  });

  test('answers everything that two devices say and press at once', async () => {
    const person = await findFather('Joe');
    const phone = await person.device();
    await phone.call({ _: 'contacts.resolveUsername', username: 'BotFather' });
    // Nobody waits for the answers here, and yet they come in order.
    for (const message of ['/newbot', 'Twin', 'Twin_bot']) await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(FATHER_ID), message, randomId: randomLong() });
    await person.main.waitUntil('the bot', () => answersOf(person.main).some(({ text }) => text.includes('https://t.me/Twin_bot')));
    const lists = [await say(person, '/mybots'), await say(person, '/mybots')] as const;
    const before = answersOf(person.main).length;
    const menus = await Promise.all([person.main, phone].map(async (device, at) => {
      const pressed = press(person, lists[at]!.id, '@Twin_bot', device);
      await device.change({ _: 'messages.sendMessage', peer: device.inputPeer(FATHER_ID), message: '/help', randomId: randomLong() });
      return pressed;
    }));
    for (const menu of menus) expect(menu.message).toContain('Twin (@Twin_bot)');
    await person.main.waitUntil('two answers', () => answersOf(person.main).length === before + 2);
  });

  test('has one who floods it wait, and meanwhile answers others', async () => {
    const [hasty, calm] = [await findFather('Hasty'), await findFather('Calm')];
    const send = (n: number): Promise<string> =>
      hasty.main.client
        .call({ _: 'messages.sendMessage', peer: hasty.main.inputPeer(FATHER_ID), message: `flood ${n}`, randomId: randomLong() }, { floodSleepThreshold: 0 })
        .then(() => 'sent', (error: unknown) => (error as tl.RpcError).text);
    const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => send(n)));
    // What fits into a burst, and what is allowed while it is sent.
    expect(answers.filter((one) => one === 'sent').length).toBeLessThan(200);
    expect(answers.some((one) => one.startsWith('FLOOD_WAIT'))).toBe(true);
    expect((await say(calm, '/mybots')).text).toContain('no bots');
  });

  test('does nothing for a bot that is gone meanwhile', async () => {
    const person = await findFather('Kim');
    for (const name of ['Gone', 'Left']) await makeBot(person, name, `${name}_kim_bot`);
    const { id } = await say(person, '/mybots');
    await press(person, id, '@Gone_kim_bot');
    await choose(person, '/deletebot', 'Gone_kim_bot');
    expect((await say(person, 'Yes, delete it.')).text).toContain('was deleted');
    const left = await press(person, id, 'Replace token');
    expect(left.message).toContain('Choose one');
    expect(labelsOf(left)).toEqual(['@Left_kim_bot']);

    // The operator deletes a bot while its owner is asked for something.
    await press(person, id, '@Left_kim_bot');
    await choose(person, '/setname', 'Left_kim_bot');
    const { id: botId } = await find(person, 'Left_kim_bot');
    await operate(scenario, 'bot', 'delete', '@Left_kim_bot');
    await person.main.seesUpdate('updateUser', ({ userId }) => userId === botId);
    expect((await say(person, 'Right')).text).toContain('no such bot');
    expect((await press(person, id, 'Privacy mode: on')).message).toContain('no bots yet');
  });
});

async function tokenOf(person: Actor, username: string): Promise<string> {
  await say(person, '/token');
  return (await say(person, username)).text;
}
