import type { CallerTrace } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import { formatSpan, type Span, spanMs } from '../span.ts';
import { describeFunction, type Match, toWireMatch } from './match.ts';
import type { Message } from './message.ts';
import type { SetLink } from './set-link.ts';

/** Less than the 5 seconds that vitest and jest give a test, so that a bot that does not answer is told by an error with the talk, and not by theirs. */
const DEFAULT_TIMEOUT_MS = 4000;

/** The longest wait of the control API. */
const TIMEOUT_MAX_MS = 60_000;

/** A time-out as the control API takes it. @throws CloudError `invalid` if it is no span of time, or longer than a minute */
export function toTimeoutMs(timeout: Span | undefined, trace: CallerTrace): number {
  const ms = spanMs(timeout ?? DEFAULT_TIMEOUT_MS, trace);
  if (ms > TIMEOUT_MAX_MS) throw new CloudError('invalid', `a time limit of ${formatSpan(ms)} is too long: at most a minute`, {}, trace);
  return ms;
}

/** Who waits for what. */
export interface Waiting {
  link: SetLink;
  person: { id: string; name: string };
  chat: string;
  match: Match | undefined;
  timeoutMs: number;
  trace: CallerTrace;
}

/** Waits for the next message that matches. A function is asked here, about each message in turn; all else is compared by the server. */
export async function waitForMessage(waiting: Waiting): Promise<Message> {
  const { link, person, chat, match, timeoutMs, trace } = waiting;
  if (typeof match !== 'function') return link.call('people.next', { person: person.id, chat, match: toWireMatch(match, trace), timeoutMs }, trace);
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const left = Math.max(0, Math.round(deadline - performance.now()));
    const message = await next(left);
    if (match(message)) return message;
  }

  async function next(left: number): Promise<Message> {
    try {
      return await link.call('people.next', { person: person.id, chat, timeoutMs: left }, trace);
    } catch (error) {
      if (!(error instanceof CloudError && error.code === 'timeout')) throw error;
      const what = `${person.name} waited ${formatSpan(timeoutMs)} for a message that fits ${describeFunction(match as (message: Message) => boolean)}`;
      throw new CloudError('timeout', what, { talk: error.talk }, trace);
    }
  }
}
