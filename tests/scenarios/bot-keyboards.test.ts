import type { Actor, BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, meetNewBot, press, readMessage, seesPress, startBot } from './bot-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const data = (text: string): Uint8Array => Buffer.from(text);

/** The bot writes a message with a keyboard. @returns its id for the person and for the bot */
async function offer(bot: BotClient, person: Actor, message: string, replyMarkup: tl.TypeReplyMarkup): Promise<{ id: number; ownId: number }> {
  const answer = await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(person), message, replyMarkup, randomId: randomLong() });
  const sent = (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateNewMessage');
  return { id: (await person.sees(message)).id, ownId: sent!.message.id };
}

describe('keyboards of bots', () => {
  test('are shown, changed without the mark of an edit, and taken away with the next text', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Keys_bot');
    await using _ = bot;
    const { id, ownId } = await offer(bot, person, 'tea or coffee?', inline(press('tea'), press('coffee')));
    expect((await readMessage(person, id)).replyMarkup).toMatchObject({ rows: [{ buttons: [{ text: 'tea' }, { text: 'coffee' }] }] });

    const edit = (change: Partial<tl.messages.RawEditMessageRequest>): tl.RpcMethod => ({ _: 'messages.editMessage', peer: bot.peerOf(person), id: ownId, ...change });
    await bot.call(edit({ replyMarkup: inline(press('more tea')) }));
    const changed = await readMessage(person, id);
    expect(changed).toMatchObject({ message: 'tea or coffee?', editHide: true, replyMarkup: { rows: [{ buttons: [{ text: 'more tea' }] }] } });
    expect(await bot.refusal(edit({ replyMarkup: inline(press('more tea')) }))).toBe('MESSAGE_NOT_MODIFIED');
    expect(await bot.refusal(edit({ replyMarkup: { _: 'replyKeyboardHide' } }))).toBe('REPLY_MARKUP_INVALID');
    await bot.call(edit({ message: 'it is tea' }));
    const after = await readMessage(person, id);
    expect(after.replyMarkup).toBeUndefined();
    expect(after.editHide).toBeFalsy();
  });

  test('are left out of what people write, and of forwards but for links', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Forwarded_bot');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(other.id), message: 'look, buttons', replyMarkup: inline(press('x')), randomId: randomLong() });
    expect((await readMessage(other, (await other.sees('look, buttons')).id)).replyMarkup).toBeUndefined();

    const link: tl.RawKeyboardButtonUrl = { _: 'keyboardButtonUrl', text: 'read', url: 'https://example.org/' };
    for (const [text, markup, kept] of [['press this', inline(press('x'), link), undefined], ['read this', inline(link), { rows: [{ buttons: [{ text: 'read', url: 'https://example.org/' }] }] }]] as const) {
      const { id } = await offer(bot, person, text, markup);
      await person.main.change({ _: 'messages.forwardMessages', fromPeer: person.main.inputPeer(bot.id), toPeer: person.main.inputPeer(other.id), id: [id], randomId: [randomLong()] });
      const { replyMarkup } = await readMessage(other, (await other.sees(text)).id);
      if (kept === undefined) expect(replyMarkup).toBeUndefined();
      else expect(replyMarkup).toMatchObject(kept);
    }
  });
});

/** Somebody presses a button. */
const pressing = (person: Actor, bot: BotClient, id: number, value: string): tl.messages.RawGetBotCallbackAnswerRequest => ({
  _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(bot.id), msgId: id, data: data(value),
});

const answering = (queryId: tl.Long, message: string): tl.messages.RawSetBotCallbackAnswerRequest => ({ _: 'messages.setBotCallbackAnswer', alert: true, queryId, message, cacheTime: 5 });

describe('a pressed button', () => {
  test('reaches the bot, whose first answer counts', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Pressed_bot');
    await using _ = bot;
    const { id, ownId } = await offer(bot, person, 'choose', inline(press('left'), press('right')));
    const answer = person.main.call(pressing(person, bot, id, 'left'));
    const query = await seesPress(bot, 'left');
    expect(query).toMatchObject({ userId: person.id, peer: { _: 'peerUser', userId: person.id }, msgId: ownId });
    const { messages } = (await bot.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageCallbackQuery', id: ownId, queryId: query.queryId }] })) as tl.messages.RawMessages;
    expect(messages).toMatchObject([{ id: ownId, message: 'choose' }]);
    expect(await bot.call(answering(query.queryId, 'to the left'))).toBe(true);
    expect(await answer).toMatchObject({ alert: true, message: 'to the left', cacheTime: 5 });
    expect(await bot.call(answering(query.queryId, 'to the left'))).toBe(true);
    expect(await bot.refusal(answering(query.queryId, 'to the right'))).toBe('QUERY_ID_INVALID');

    // The number of a chat stays the same.
    const again = person.main.call(pressing(person, bot, id, 'right'));
    const second = await seesPress(bot, 'right');
    expect(second.chatInstance).toEqual(query.chatInstance);
    await bot.call(answering(second.queryId, ''));
    expect((await again).message).toBeUndefined();
  });

  test('must be one of the stored message, and its bot must answer', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Careful_bot');
    await using _ = bot;
    await using other = await startBot(scenario, 'Nosy_bot');
    const { id } = await offer(bot, person, 'choose well', inline(press('here'), { ...press('secret'), requiresPassword: true }));
    const hello = await person.main.call({ _: 'messages.getHistory', peer: person.main.inputPeer(bot.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 5, maxId: 0, minId: 0, hash: 0 as never });
    const own = (hello as tl.messages.RawMessages).messages.find((message) => message._ === 'message' && message.out)!;
    const refused = async (request: tl.RpcMethod): Promise<string> => (await person.main.fails(request)).text;
    expect(await refused(pressing(person, bot, id, 'elsewhere'))).toBe('DATA_INVALID');
    expect(await refused(pressing(person, bot, id, 'x'.repeat(65)))).toBe('DATA_INVALID');
    expect(await refused(pressing(person, bot, 99, 'here'))).toBe('MESSAGE_ID_INVALID');
    expect(await refused(pressing(person, bot, own.id, 'here'))).toBe('BOT_INVALID');
    expect(await refused(pressing(person, bot, id, 'secret'))).toBe('PASSWORD_MISSING');

    const answer = person.main.call(pressing(person, bot, id, 'here'));
    const { queryId } = await seesPress(bot, 'here');
    expect(await other.refusal(answering(queryId, 'mine'))).toBe('QUERY_ID_INVALID');
    expect(await bot.refusal(answering(queryId, 'x'.repeat(201)))).toBe('MESSAGE_TOO_LONG');
    expect(await bot.refusal({ ...answering(queryId, ''), url: 'https://example.org/' })).toBe('URL_INVALID');
    await bot.call(answering(queryId, 'yours'));
    expect((await answer).message).toBe('yours');
  });

  test('of a group is pressed by everybody who sees it', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Grouped_bot');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const { updates } = await person.main.invite({ _: 'messages.createChat', users: [person.main.inputUser(other.id), person.main.inputUser(bot.id)], title: 'Team' });
    const chatId = (updates as tl.RawUpdates).chats[0]!.id;
    await bot.call({ _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chatId }, message: 'vote', replyMarkup: inline(press('aye')), randomId: randomLong() });
    const { id } = await other.sees('vote');
    const answer = other.main.call({ _: 'messages.getBotCallbackAnswer', peer: { _: 'inputPeerChat', chatId }, msgId: id, data: data('aye') });
    const query = await seesPress(bot, 'aye');
    expect(query).toMatchObject({ userId: other.id, peer: { _: 'peerChat', chatId } });
    await bot.call(answering(query.queryId, 'counted'));
    expect((await answer).message).toBe('counted');
  });
});
