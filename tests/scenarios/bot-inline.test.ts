import { BotClient, type Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBot, operate, readMessage } from './bot-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A bot with inline mode, and a person who has looked it up. */
async function meetInline(username: string, ...settings: string[]): Promise<{ bot: BotClient; person: Actor }> {
  const made = await makeBot(scenario, username);
  await operate(scenario, 'bot', 'set', `@${username}`, '--inline', 'Search…', ...settings);
  const bot = await BotClient.logIn(scenario.server, made.token);
  const person = await scenario.world.user('Person');
  await person.main.call({ _: 'contacts.resolveUsername', username });
  return { bot, person };
}

/** A result with a text. */
const article = (id: string, message: string, rest: Partial<tl.RawInputBotInlineMessageText> = {}): tl.RawInputBotInlineResult => ({
  _: 'inputBotInlineResult', id, type: 'article', title: `About ${id}`, sendMessage: { _: 'inputBotInlineMessageText', message, ...rest },
});

const asking = (person: Actor, bot: BotClient, query: string, rest: Partial<tl.messages.RawGetInlineBotResultsRequest> = {}): tl.messages.RawGetInlineBotResultsRequest => ({
  _: 'messages.getInlineBotResults', bot: person.main.inputUser(bot.id), peer: { _: 'inputPeerSelf' }, query, offset: '', ...rest,
});

/** Waits until the bot was asked this. */
const seesQuery = (bot: BotClient, query: string): Promise<tl.RawUpdateBotInlineQuery> =>
  bot.waitFor(`query ${query}`, (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && update.query === query);

const answering = (queryId: tl.Long, results: tl.TypeInputBotInlineResult[], rest: Partial<tl.messages.RawSetInlineBotResultsRequest> = {}): tl.messages.RawSetInlineBotResultsRequest => ({
  _: 'messages.setInlineBotResults', queryId, results, cacheTime: 0, ...rest,
});

/** Asks the bot, which answers with these results. */
async function ask(person: Actor, bot: BotClient, query: string, results: tl.TypeInputBotInlineResult[], rest: Partial<tl.messages.RawSetInlineBotResultsRequest> = {}): Promise<tl.messages.RawBotResults> {
  const answer = person.main.call(asking(person, bot, query));
  await bot.call(answering((await seesQuery(bot, query)).queryId, results, rest));
  return answer;
}

const sending = (peer: tl.TypeInputPeer, queryId: tl.Long, id: string): tl.messages.RawSendInlineBotResultRequest => ({ _: 'messages.sendInlineBotResult', peer, queryId, id, randomId: randomLong() });

describe('inline mode', () => {
  test('asks the bot, and sends the chosen result with the name of the bot', async () => {
    const { bot, person } = await meetInline('Finder_bot', '--inline-feedback', '100');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const answer = person.main.call(asking(person, bot, 'cats', { peer: person.main.inputPeer(other.id) }));
    const query = await seesQuery(bot, 'cats');
    expect(query).toMatchObject({ userId: person.id, offset: '', peerType: { _: 'inlineQueryPeerTypePM' } });
    const results = [article('1', 'cats purr', { entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] }), article('2', 'cats sleep')];
    await bot.call(answering(query.queryId, results, { nextOffset: '2', switchPm: { _: 'inlineBotSwitchPM', text: 'More', startParam: 'more' } }));
    await bot.call(answering(query.queryId, results, { nextOffset: '2', switchPm: { _: 'inlineBotSwitchPM', text: 'More', startParam: 'more' } }));
    expect(await bot.refusal(answering(query.queryId, []))).toBe('QUERY_ID_INVALID');
    const found = await answer;
    expect(found).toMatchObject({
      nextOffset: '2', cacheTime: 0, switchPm: { text: 'More', startParam: 'more' }, users: [{ id: bot.id, botInlinePlaceholder: 'Search…' }],
      results: [{ id: '1', type: 'article', title: 'About 1', sendMessage: { message: 'cats purr' } }, { id: '2' }],
    });

    await person.main.change(sending(person.main.inputPeer(other.id), found.queryId, '1'));
    const { id } = await other.sees('cats purr');
    expect(await readMessage(other, id)).toMatchObject({ viaBotId: bot.id, fromId: { userId: person.id }, entities: [{ _: 'messageEntityBold' }] });
    const isChosen = (update: tl.TypeUpdate): update is tl.RawUpdateBotInlineSend => update._ === 'updateBotInlineSend';
    expect(await bot.waitFor('chosen result', isChosen)).toMatchObject({ userId: person.id, query: 'cats', id: '1' });

    // A forward still names the bot, a copy without its author does not.
    for (const [dropAuthor, viaBotId] of [[false, bot.id], [true, undefined]] as const) {
      await other.main.change({ _: 'messages.forwardMessages', fromPeer: other.main.inputPeer(person.id), toPeer: { _: 'inputPeerSelf' }, id: [id], randomId: [randomLong()], dropAuthor });
      const saved = await other.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
      expect((saved as tl.messages.RawMessages).messages[0]).toMatchObject({ message: 'cats purr' });
      expect(((saved as tl.messages.RawMessages).messages[0] as tl.RawMessage).viaBotId).toBe(viaBotId);
    }

    const refused = async (queryId: tl.Long, resultId: string): Promise<string> => (await person.main.fails(sending(person.main.inputPeer(other.id), queryId, resultId))).text;
    expect(await refused(found.queryId, '3')).toBe('RESULT_ID_INVALID');
    expect(await refused(found.queryId, '')).toBe('RESULT_ID_EMPTY');
    expect(await refused(Long.ONE, '1')).toBe('INLINE_RESULT_EXPIRED');
    // What was not cached is for the person who asked.
    expect((await other.main.fails(sending(other.main.inputPeer(person.id), found.queryId, '1'))).text).toBe('INLINE_RESULT_EXPIRED');
  });

  test('gives results again as long as the bot allows', async () => {
    const { bot, person } = await meetInline('Cached_bot');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await other.main.call({ _: 'contacts.resolveUsername', username: 'Cached_bot' });
    const first = await ask(person, bot, 'public', [article('1', 'for all')], { cacheTime: 300 });
    const again = await other.main.call(asking(other, bot, 'public'));
    expect(again.queryId).toEqual(first.queryId);
    expect(again.cacheTime).toBeGreaterThan(0);
    await other.main.change(sending({ _: 'inputPeerSelf' }, again.queryId, '1'));

    const own = await ask(person, bot, 'private', [article('1', 'for one')], { cacheTime: 300, private: true });
    expect((await person.main.call(asking(person, bot, 'private'))).queryId).toEqual(own.queryId);
    const before = bot.updates.length;
    const asked = other.main.call(asking(other, bot, 'private'));
    const query = await bot.waitFor('the question of the other', (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && bot.updates.indexOf(update) >= before);
    expect(query.userId).toBe(other.id);
    await bot.call(answering(query.queryId, [article('1', 'for the other')]));
    expect((await asked).results).toMatchObject([{ sendMessage: { message: 'for the other' } }]);
  });

  test('refuses what is no result, and bots without it', async () => {
    const { bot, person } = await meetInline('Strict_bot');
    await using _ = bot;
    const plain = await makeBot(scenario, 'Plain_bot');
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Plain_bot' });
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const refusedFor = async (id: number): Promise<string> => (await person.main.fails({ ...asking(person, bot, 'x'), bot: person.main.inputUser(id) })).text;
    expect(await refusedFor(plain.id)).toBe('BOT_INLINE_DISABLED');
    expect(await refusedFor(other.id)).toBe('BOT_INVALID');

    const answer = person.main.call(asking(person, bot, 'strict'));
    const { queryId } = await seesQuery(bot, 'strict');
    const many = Array.from({ length: 51 }, (_, at) => article(String(at), 'x'));
    const text = article('1', 'x');
    for (const [error, results, rest] of [
      ['RESULTS_TOO_MUCH', many, {}],
      ['RESULT_ID_DUPLICATE', [text, text], {}],
      ['RESULT_ID_EMPTY', [article('', 'x')], {}],
      ['RESULT_ID_INVALID', [article('x'.repeat(65), 'x')], {}],
      ['RESULT_TYPE_INVALID', [{ ...text, type: 'poem' }], {}],
      ['ARTICLE_TITLE_EMPTY', [{ ...text, title: ' ' }], {}],
      ['MESSAGE_EMPTY', [article('1', ' ')], {}],
      ['SEND_MESSAGE_MEDIA_INVALID', [{ ...text, sendMessage: { _: 'inputBotInlineMessageMediaAuto', message: '' } }], {}],
      ['SEND_MESSAGE_TYPE_INVALID', [{ ...text, sendMessage: { _: 'inputBotInlineMessageGame' } }], {}],
      ['NEXT_OFFSET_INVALID', [text], { nextOffset: 'x'.repeat(65) }],
      ['SWITCH_PM_TEXT_EMPTY', [text], { switchPm: { _: 'inlineBotSwitchPM', text: '', startParam: 'x' } }],
      ['START_PARAM_INVALID', [text], { switchPm: { _: 'inlineBotSwitchPM', text: 'x', startParam: '/' } }],
    ] as [string, tl.TypeInputBotInlineResult[], Partial<tl.messages.RawSetInlineBotResultsRequest>][]) {
      expect(await bot.refusal(answering(queryId, results, rest))).toBe(error);
    }
    expect(await bot.refusal({ _: 'messages.setBotCallbackAnswer', queryId, cacheTime: 0 })).toBe('QUERY_ID_INVALID');
    await bot.call(answering(queryId, []));
    expect((await answer).results).toEqual([]);
  });
});
