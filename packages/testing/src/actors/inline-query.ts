import type { CallerTrace } from '../control/caller-trace.ts';
import { traceCaller } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import { type ChatReference, toChat } from './chat.ts';
import { describeValue } from './match.ts';
import type { Message } from './message.ts';
import type { SetLink } from './set-link.ts';

/** One result of an inline query, as an app lists it. */
export interface InlineResult {
  /** As the bot named it. */
  id: string;
  /** Such as `article` or `photo`. */
  type: string;
  title?: string;
  description?: string;
}

/** What a bot answered to an inline query. */
export interface InlineAnswer {
  results: InlineResult[];
  /** The button above the results that leads to the bot, if it has one. */
  switchPm?: { text: string; startParam: string };
  /** Offset of the next page; empty or left out on the last one. */
  nextOffset?: string;
}

/** An answer as the control API gives it. */
export interface WireInlineAnswer extends InlineAnswer {
  queryId: string;
}

/** An inline query of a person: await it for the answer of the bot, or choose a result at once. */
export interface InlineQuery extends Promise<InlineAnswer> {
  /**
   * Sends one of the results.
   * @param result its place in the list, from 0, or its id
   * @param chat where to send it; the chat with the bot by default
   * @returns the message that was sent
   * @throws CloudError `invalid` if there is no such result, with those that there are
   * @example await ann.inline(bot, 'cats').choose(0, group);
   */
  choose(result: number | string, chat?: ChatReference): Promise<Message>;
}

/** Who asks what. */
export interface InlineAsking {
  link: SetLink;
  person: string;
  /** Where a result is sent if the chooser does not say. */
  chat: ChatReference;
  answer: Promise<WireInlineAnswer>;
}

/** Makes an awaitable query of a running request. */
export function makeInlineQuery({ link, person, chat: home, answer }: InlineAsking): InlineQuery {
  const shown = answer.then(({ queryId: _, ...rest }): InlineAnswer => rest);
  // Whoever only chooses never looks at this promise; the same error comes out of `choose`.
  shown.catch(() => {});
  const choose = async (result: number | string, chat?: ChatReference): Promise<Message> => {
    const trace = traceCaller();
    const target = toChat(chat ?? home, trace);
    const { queryId, results } = await answer;
    return link.call<Message>('people.choose', { person, queryId, id: findResult(results, result, trace), chat: target }, trace);
  };
  return Object.assign(shown, { choose });
}

function findResult(results: InlineResult[], wanted: number | string, trace: CallerTrace): string {
  const found = typeof wanted === 'number' ? results[wanted] : results.find(({ id }) => id === wanted);
  if (found !== undefined) return found.id;
  const list = results.map(({ id, title }, index) => `  ${index}: ${title ?? ''} (id ${describeValue(id)})`);
  const there = list.length === 0 ? 'the bot answered with no results' : `there are:\n${list.join('\n')}`;
  throw new CloudError('invalid', `no result ${describeValue(wanted)}; ${there}`, {}, trace);
}
