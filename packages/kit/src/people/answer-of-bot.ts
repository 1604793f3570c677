import { pause } from '@aerogram/runtime';

import { KitError } from '../kit-error.ts';
import type { Chat } from './find-chat.ts';
import type { Person } from './person.ts';
import { type Patience, timedOut } from './talk.ts';

/** The error of the server for a bot that has not answered within the server's own time limit, which is longer than that of most tests. */
const NO_ANSWER = 'BOT_RESPONSE_TIMEOUT';

/**
 * Waits for a call that a bot has to answer.
 * @param wait what follows "Ann waited 5 s"
 * @throws KitError `timeout` with the talk, and those of the call
 */
export async function answerOfBot<T>(person: Person, chat: Chat, asked: Promise<T>, wait: Patience & { what: string }): Promise<T> {
  const { timeoutMs, signal, what } = wait;
  const done = new AbortController();
  const over = pause(person.kit.realClock, timeoutMs, signal, done.signal);
  const answered = asked.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  try {
    const first = await Promise.race([answered, over]);
    if (first === undefined) throw await timedOut(person, chat, wait, what);
    if ('value' in first) return first.value;
    if (first.error instanceof KitError && first.error.details.refusal === NO_ANSWER) throw await timedOut(person, chat, wait, what);
    throw first.error;
  } finally {
    done.abort();
  }
}
