import { type Actor, BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, type MadeBot, meetBot, operate, press, seesPress, startBot, startInlineBot } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type StartedBot = BotClient & { made: MadeBot };

/** A bot with inline mode that somebody has started, and its message with a button. */
async function meetTea(username: string): Promise<{ bot: StartedBot; person: Actor; id: number }> {
  const person = await scenario.world.user('Person');
  const bot = await startInlineBot(scenario, username);
  await meetBot(person, bot);
  await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(person), message: 'tea?', replyMarkup: inline(press('yes')), randomId: randomLong() });
  return { bot, person, id: (await person.sees('tea?')).id };
}

const pressing = (person: Actor, bot: BotClient, id: number): tl.messages.RawGetBotCallbackAnswerRequest => ({
  _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(bot.id), msgId: id, data: Buffer.from('yes'),
});
const asking = (person: Actor, bot: BotClient, query: string): tl.messages.RawGetInlineBotResultsRequest => ({
  _: 'messages.getInlineBotResults', bot: person.main.inputUser(bot.id), peer: { _: 'inputPeerSelf' }, query, offset: '',
});
const article = (message: string): tl.RawInputBotInlineResult => ({ _: 'inputBotInlineResult', id: '1', type: 'article', title: 'x', sendMessage: { _: 'inputBotInlineMessageText', message } });
const seesQuery = (bot: BotClient, query: string): Promise<tl.RawUpdateBotInlineQuery> =>
  bot.waitFor(`query ${query}`, (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && update.query === query);

/** As much as fits into one packet. */
const MEGABYTE = 'x'.repeat(1_000_000);

describe('a bot that answers badly', () => {
  test('with too much, then twice, and for another bot: the first right answer counts', async () => {
    const { bot, person, id } = await meetTea('Greedy_bot');
    await using _bot = bot;
    await using other = await startBot(scenario, 'Meddling_bot');
    const pressed = person.main.call(pressing(person, bot, id));
    const { queryId } = await seesPress(bot, 'yes');
    const answering = (message: string): tl.messages.RawSetBotCallbackAnswerRequest => ({ _: 'messages.setBotCallbackAnswer', queryId, message, cacheTime: 0 });
    expect(await bot.refusal(answering(MEGABYTE))).toMatch(/^(MESSAGE_TOO_LONG|INPUT_REQUEST_TOO_LONG)$/);
    expect(await bot.refusal({ ...answering('x'), url: 'https://example.org/' })).toBe('URL_INVALID');
    expect(await other.refusal(answering('not yours'))).toBe('QUERY_ID_INVALID');
    await Promise.all([bot.call(answering('one')), bot.call(answering('one'))]);
    expect(await bot.refusal(answering('two'))).toBe('QUERY_ID_INVALID');
    expect((await pressed).message).toBe('one');

    const asked = person.main.call(asking(person, bot, 'much'));
    const query = await seesQuery(bot, 'much');
    const offering = (message: string): tl.messages.RawSetInlineBotResultsRequest => ({ _: 'messages.setInlineBotResults', queryId: query.queryId, results: [article(message)], cacheTime: 2 ** 31 - 1 });
    expect(await bot.refusal(offering(MEGABYTE))).toMatch(/^(MESSAGE_TOO_LONG|INPUT_REQUEST_TOO_LONG)$/);
    expect(await other.refusal(offering('not yours'))).toBe('QUERY_ID_INVALID');
    const both = await Promise.allSettled([bot.call(offering('first')), bot.call(offering('second'))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { results, cacheTime } = await asked;
    expect(results).toHaveLength(1);
    expect(cacheTime).toBeLessThanOrEqual(24 * 3600);
    // Nobody presses what is not there, and nobody else's message.
    expect((await person.main.fails({ ...pressing(person, bot, id), data: Buffer.from('no') })).text).toBe('DATA_INVALID');
    expect((await person.main.fails(pressing(person, bot, id + 1000))).text).toBe('MESSAGE_ID_INVALID');
  });

  test('with nothing keeps those who have asked it from nothing else', async () => {
    const { bot, person, id } = await meetTea('Silent_bot');
    await using _bot = bot;
    const ended: string[] = [];
    const note = (call: Promise<unknown>): void => void call.catch((error: unknown) => (error as { text?: string }).text).then((text) => ended.push(text as string));
    for (let n = 0; n < 10; n++) {
      note(person.main.call(pressing(person, bot, id)));
      note(person.main.call(asking(person, bot, `quiet ${n}`)));
    }
    await Promise.all(Array.from({ length: 10 }, (_, n) => seesQuery(bot, `quiet ${n}`)));
    await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: 'meanwhile', randomId: randomLong() });
    await bot.sees('meanwhile');
    expect(ended).toEqual([]);
  });

  test('that floods waits, while another one is served', async () => {
    const { bot, person } = await meetTea('Flooding_bot');
    await using _bot = bot;
    await using calm = await startBot(scenario, 'Calm_bot');
    await meetBot(person, calm);
    let refusal: string | undefined;
    for (let round = 0; round < 30 && refusal === undefined; round++) {
      const calls = Array.from({ length: 25 }, () => bot.client.call({ _: 'channels.editTitle', channel: { _: 'inputChannelEmpty' }, title: 'flood' }, { floodSleepThreshold: 0 }).then(() => '', (error: { text?: string }) => error.text ?? ''));
      refusal = (await Promise.all(calls)).find((text) => text.startsWith('FLOOD_WAIT'));
    }
    expect(refusal).toMatch(/^FLOOD_WAIT/);
    await calm.send(person, 'still here');
    await person.sees('still here');
  });
});

describe('a bot that is gone', () => {
  test.each(['revoke', 'delete'] as const)('after %s has no session, no push and no open question', async (how) => {
    const { bot, person, id } = await meetTea(`Gone_${how}_bot`);
    await using _bot = bot;
    const group = await createChannel(person);
    await person.main.invite({ _: 'channels.inviteToChannel', channel: person.main.inputChannel(group), users: [person.main.inputUser(bot.id)] });
    const pressed = person.main.call(pressing(person, bot, id)).then((answer) => answer.message, (error: { text?: string }) => error.text);
    const { queryId } = await seesPress(bot, 'yes');
    const refused = person.main.call(asking(person, bot, 'open')).then(() => '', (error: { text?: string }) => error.text);
    const query = await seesQuery(bot, 'open');

    const printed = await operate(scenario, 'bot', how, `@${bot.made.username}`, ...(how === 'revoke' ? ['--json'] : []));
    const gone = /AUTH_KEY_UNREGISTERED|SESSION_REVOKED|USER_DEACTIVATED/;
    await expect.poll(() => bot.refusal({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).toMatch(gone);
    const before = bot.updates.length;
    expect(await bot.refusal({ _: 'messages.setBotCallbackAnswer', queryId, message: 'too late', cacheTime: 0 })).toMatch(gone);
    expect(await bot.refusal({ _: 'messages.setInlineBotResults', queryId: query.queryId, results: [article('too late')], cacheTime: 0 })).toMatch(gone);
    await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(group), message: `/mark@${bot.made.username}`, randomId: randomLong() });

    if (how === 'revoke') {
      // Whoever has the new token answers what is still open, and gets what is written from now on.
      await using next = await BotClient.logIn(scenario.server, (JSON.parse(printed) as MadeBot).token);
      await next.call({ _: 'messages.setBotCallbackAnswer', queryId, message: 'by the next one', cacheTime: 0 });
      await next.call({ _: 'messages.setInlineBotResults', queryId: query.queryId, results: [], cacheTime: 0 });
      expect([await pressed, await refused]).toEqual(['by the next one', '']);
      await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: 'hello again', randomId: randomLong() });
      await next.sees('hello again');
    } else {
      await expect.poll(async () => (await scenario.server.db.q.selectFrom('bot_queries').select('query_id').where('bot_id', '=', BigInt(bot.id)).execute()).length).toBe(0);
      const refusal = async (request: tl.RpcMethod): Promise<string> => (await person.main.fails(request)).text;
      // Its copies of the messages go, too.
      expect(await refusal(pressing(person, bot, id))).toMatch(/^(BOT_INVALID|MESSAGE_ID_INVALID)$/);
      expect(await refusal(asking(person, bot, 'open'))).toBe('BOT_INVALID');
      expect(await refusal({ _: 'messages.startBot', bot: person.main.inputUser(bot.id), peer: person.main.inputPeer(bot.id), randomId: randomLong(), startParam: '' })).toBe('INPUT_USER_DEACTIVATED');
      expect(await refusal({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: 'hello?', randomId: randomLong() })).toBe('INPUT_USER_DEACTIVATED');
    }
    expect(bot.updates.slice(before)).toEqual([]);
  });
});
