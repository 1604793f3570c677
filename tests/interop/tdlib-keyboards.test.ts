import { describe, expect, test } from 'vitest';
import { makeBot } from '../scenarios/bot-stage.ts';
import type { DriverClient, Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, TRANSPORT, useLibraries } from './libraries.ts';
import { closeAll, enter, type Person } from './people-of-libraries.ts';

// Since layer 229 the type of a button is an object of its own. TDLib 1.8.67 speaks that layer, 1.8.65 one before it: both see the same keyboards.
const VERSIONS = ['tdlib', 'tdlib-1.8.65'] as const;
const libraries = useLibraries({}, VERSIONS);
const TIMEOUT_MS = 120_000;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const content = (text: string): object => ({ _: 'inputMessageText', text: { _: 'formattedText', text, entities: [] } });
const below = (text: string, type: object): object => ({ _: 'inlineKeyboardButton', text, type });
const key = (text: string, type: object = { _: 'keyboardButtonTypeText' }): object => ({ _: 'keyboardButton', text, type });
const callback = (text: string): object => below(text, { _: 'inlineKeyboardButtonTypeCallback', data: base64(text) });
const inline = (...rows: object[][]): object => ({ _: 'replyMarkupInlineKeyboard', rows });

const OFFERED = inline(
  [callback('yes'), below('site', { _: 'inlineKeyboardButtonTypeUrl', url: 'https://example.org/' })],
  [below('code', { _: 'inlineKeyboardButtonTypeCopyText', text: 'TEA-5' }), below('ask', { _: 'inlineKeyboardButtonTypeSwitchInline', query: 'tea', target_chat: { _: 'targetChatCurrent' } })],
);
const KEYS = {
  _: 'replyMarkupShowKeyboard',
  rows: [[key('Tea'), key('Coffee')], [key('My number', { _: 'keyboardButtonTypeRequestPhoneNumber' })], [key('Here', { _: 'keyboardButtonTypeRequestLocation' })], [key('Ask all', { _: 'keyboardButtonTypeRequestPoll', force_regular: true, force_quiz: false })]],
  resize_keyboard: true,
};

/** What TDLib shows below a message that somebody sees. */
async function markupOf(person: Person, chat_id: number, id: number): Promise<Plain> {
  return (await person.client.request<{ reply_markup: Plain }>({ _: 'getMessage', chat_id, message_id: id * TDLIB_ID_STEP })).reply_markup;
}

/** Sends a message with a keyboard as the bot. @returns TDLib's id of it */
async function offer(bot: DriverClient, chat_id: number, text: string, reply_markup: object): Promise<number> {
  await bot.request({ _: 'sendMessage', chat_id, reply_markup, input_message_content: content(text) });
  return (await bot.seesMessage(text)).id * TDLIB_ID_STEP;
}

describe.runIf(MISSING.tdlib === undefined)('keyboards of a bot with TDLib of the newest layer', () => {
  test.each(VERSIONS)('are seen, edited and pressed by a person with %s', { timeout: TIMEOUT_MS }, async (version) => {
    const { id, username, token } = await makeBot({ server: { databaseUrl: libraries.db.url, dataDir: libraries.server.dataDir } }, `keys_${version.replaceAll(/[-.]/g, '_')}_bot`);
    const bot = libraries.drivers.get('tdlib')!.client(username);
    await bot.open({ server: libraries.server.info, transport: TRANSPORT.tdlib });
    await bot.loginBot({ token });
    const person = await enter(libraries, version, 'Person');
    await person.client.findPerson({ username });
    await person.client.send({ peer: id, text: '/start' });
    await bot.seesMessage('/start');

    const offered = await offer(bot, person.id, 'tea?', OFFERED);
    const seen = await person.client.seesMessage('tea?');
    expect(await markupOf(person, id, seen.id)).toMatchObject(OFFERED);
    const pressed = bot.seesUpdate('updateNewCallbackQuery', { sender_user_id: person.id }).then((update) => bot.answerPress({ query: String(update['id']), text: 'one tea', isAlert: true }));
    expect((await Promise.all([person.client.press({ peer: id, id: seen.id, data: 'yes' }), pressed]))[0]).toEqual({ text: 'one tea', isAlert: true });

    const edited = inline([callback('sugar')]);
    await bot.request({ _: 'editMessageReplyMarkup', chat_id: person.id, message_id: offered, reply_markup: edited });
    await person.client.sees('the other button', (event) => event.kind === 'update' && event.update._ === 'updateMessageEdited' && JSON.stringify(event.update).includes('sugar'));
    expect(await markupOf(person, id, seen.id)).toMatchObject(edited);

    await offer(bot, person.id, 'which?', KEYS);
    const which = await person.client.seesMessage('which?');
    expect(await markupOf(person, id, which.id)).toMatchObject(KEYS);
    await person.client.send({ peer: id, text: 'Tea' });
    await bot.seesMessage('Tea');

    await bot.close();
    await closeAll(person);
    for (const driver of libraries.drivers.values()) expect(await driver.client(version).complaints()).toEqual([]);
  });
});
