import type { Actor, BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBot } from './bot-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type StartedBot = Awaited<ReturnType<typeof startBot>>;

const data = (text: string): Uint8Array => Buffer.from(text);
const press = (text: string): tl.RawKeyboardButtonCallback => ({ _: 'keyboardButtonCallback', text, data: data(text) });
const inline = (...buttons: tl.TypeKeyboardButton[]): tl.RawReplyInlineMarkup => ({ _: 'replyInlineMarkup', rows: [{ _: 'keyboardButtonRow', buttons }] });

/** A bot and somebody who has started it. */
async function meet(username: string): Promise<{ bot: StartedBot; person: Actor }> {
  const person = await scenario.world.user('Person');
  const bot = await startBot(scenario, username);
  await person.main.call({ _: 'contacts.resolveUsername', username });
  await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: '/start', randomId: randomLong() });
  await bot.sees('/start');
  return { bot, person };
}

/** The bot writes a message with a keyboard. @returns its id for the person and for the bot */
async function offer(bot: BotClient, person: Actor, message: string, replyMarkup: tl.TypeReplyMarkup): Promise<{ id: number; ownId: number }> {
  const answer = await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(person), message, replyMarkup, randomId: randomLong() });
  const sent = (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateNewMessage');
  return { id: (await person.sees(message)).id, ownId: sent!.message.id };
}

/** A message as the person reads it. */
async function read(person: Actor, id: number): Promise<tl.RawMessage> {
  const { messages } = (await person.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] })) as tl.messages.RawMessages;
  return messages[0] as tl.RawMessage;
}

describe('keyboards of bots', () => {
  test('are shown, changed without the mark of an edit, and taken away with the next text', async () => {
    const { bot, person } = await meet('Keys_bot');
    await using _ = bot;
    const { id, ownId } = await offer(bot, person, 'tea or coffee?', inline(press('tea'), press('coffee')));
    expect((await read(person, id)).replyMarkup).toMatchObject({ rows: [{ buttons: [{ text: 'tea' }, { text: 'coffee' }] }] });

    const edit = (change: Partial<tl.messages.RawEditMessageRequest>): tl.RpcMethod => ({ _: 'messages.editMessage', peer: bot.peerOf(person), id: ownId, ...change });
    await bot.call(edit({ replyMarkup: inline(press('more tea')) }));
    const changed = await read(person, id);
    expect(changed).toMatchObject({ message: 'tea or coffee?', editHide: true, replyMarkup: { rows: [{ buttons: [{ text: 'more tea' }] }] } });
    expect(await bot.refusal(edit({ replyMarkup: inline(press('more tea')) }))).toBe('MESSAGE_NOT_MODIFIED');
    expect(await bot.refusal(edit({ replyMarkup: { _: 'replyKeyboardHide' } }))).toBe('REPLY_MARKUP_INVALID');
    await bot.call(edit({ message: 'it is tea' }));
    const after = await read(person, id);
    expect(after.replyMarkup).toBeUndefined();
    expect(after.editHide).toBeFalsy();
  });

  test('are left out of what people write, and of forwards but for links', async () => {
    const { bot, person } = await meet('Forwarded_bot');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(other.id), message: 'look, buttons', replyMarkup: inline(press('x')), randomId: randomLong() });
    expect((await read(other, (await other.sees('look, buttons')).id)).replyMarkup).toBeUndefined();

    const link: tl.RawKeyboardButtonUrl = { _: 'keyboardButtonUrl', text: 'read', url: 'https://example.org/' };
    for (const [text, markup, kept] of [['press this', inline(press('x'), link), undefined], ['read this', inline(link), { rows: [{ buttons: [{ text: 'read', url: 'https://example.org/' }] }] }]] as const) {
      const { id } = await offer(bot, person, text, markup);
      await person.main.change({ _: 'messages.forwardMessages', fromPeer: person.main.inputPeer(bot.id), toPeer: person.main.inputPeer(other.id), id: [id], randomId: [randomLong()] });
      const { replyMarkup } = await read(other, (await other.sees(text)).id);
      if (kept === undefined) expect(replyMarkup).toBeUndefined();
      else expect(replyMarkup).toMatchObject(kept);
    }
  });
});
