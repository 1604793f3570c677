import type { CallerTrace } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import { formatSpan, type Span, spanMs } from '../span.ts';
import { describeFunction, type Match, toWireMatch } from './match.ts';
import type { Message } from './message.ts';
import type { SetLink } from './set-link.ts';

const DEFAULT_TIMEOUT_MS = 5000;

/** A time-out as the control API takes it. @throws CloudError `invalid` if it is no span of time */
export function toTimeoutMs(timeout: Span | undefined, trace: CallerTrace): number {
  return spanMs(timeout ?? DEFAULT_TIMEOUT_MS, trace);
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
  if (typeof match !== 'function') return link.call('people.next', { person: person.id, chat, match: toWireMatch(match), timeoutMs }, trace);
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
