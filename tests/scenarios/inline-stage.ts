import type { Actor, BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { type MadeBot, startInlineBot } from './bot-stage.ts';
import type { Scenario } from './scenario.ts';

/** A bot with inline mode, and a person who has looked it up. */
export async function startInline(scenario: Scenario, username: string, ...settings: string[]): Promise<{ bot: BotClient & { made: MadeBot }; person: Actor }> {
  const bot = await startInlineBot(scenario, username, ...settings);
  const person = await scenario.world.user('Person');
  await person.main.call({ _: 'contacts.resolveUsername', username });
  return { bot, person };
}

/** A question to an inline bot. */
export const asking = (person: Actor, bot: Pick<BotClient, 'id'>, query: string, rest: Partial<tl.messages.RawGetInlineBotResultsRequest> = {}): tl.messages.RawGetInlineBotResultsRequest => ({
  _: 'messages.getInlineBotResults', bot: person.main.inputUser(bot.id), peer: { _: 'inputPeerSelf' }, query, offset: '', ...rest,
});

/** Waits until the bot was asked this. */
export const seesQuery = (bot: BotClient, query: string): Promise<tl.RawUpdateBotInlineQuery> =>
  bot.waitFor(`query ${query}`, (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && update.query === query);

/** The answer of the bot. */
export const answering = (queryId: tl.Long, results: tl.TypeInputBotInlineResult[], rest: Partial<tl.messages.RawSetInlineBotResultsRequest> = {}): tl.messages.RawSetInlineBotResultsRequest => ({
  _: 'messages.setInlineBotResults', queryId, results, cacheTime: 0, ...rest,
});

/** Asks the bot, which answers with these results. */
export async function ask({ person, bot }: { person: Actor; bot: BotClient }, query: string, results: tl.TypeInputBotInlineResult[], rest: Partial<tl.messages.RawSetInlineBotResultsRequest> = {}): Promise<tl.messages.RawBotResults> {
  const answer = person.main.call(asking(person, bot, query));
  await bot.call(answering((await seesQuery(bot, query)).queryId, results, rest));
  return answer;
}

/** Sends a result. */
export const sending = (peer: tl.TypeInputPeer, queryId: tl.Long, id: string): tl.messages.RawSendInlineBotResultRequest => ({ _: 'messages.sendInlineBotResult', peer, queryId, id, randomId: randomLong() });
