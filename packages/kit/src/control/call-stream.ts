import type { ServerResponse } from 'node:http';
import { type Clock, systemClock } from '@aerogram/runtime';
import type { BotCallLog, RecordedCall } from '../bot-call-log.ts';
import type { TestSet } from '../test-set.ts';
import { beginLines } from './send-answer.ts';

/** How often something is sent while no bot calls anything, in milliseconds: many HTTP clients give up after some minutes without a byte. */
const ALIVE_MS = 30_000;
/** White space before the next line: it is part of the JSON of that line, so readers need not know of it. */
const ALIVE = ' ';

export interface CallStreamOptions {
  botCalls: BotCallLog;
  set: TestSet;
  /** The reader has all calls up to this number. */
  after: number;
  signal: AbortSignal;
  clock?: Pick<Clock, 'setInterval'>;
}

/**
 * Writes the calls of the bots of a set as JSON lines, one as soon as it is recorded, until the signal fires. While the reader is slow nothing is
 * kept for it: it gets the rest out of the log when it has read what was sent.
 */
export async function streamCalls(response: ServerResponse, { botCalls, set, after, signal, clock = systemClock }: CallStreamOptions): Promise<void> {
  let sent = after;
  let isFull = false;
  const write = (call: RecordedCall): void => {
    sent = call.n;
    isFull = !response.write(`${JSON.stringify(call)}\n`);
  };
  const catchUp = (): void => {
    isFull = false;
    for (const call of botCalls.list(set.bots, sent)) {
      write(call);
      if (isFull) return;
    }
  };
  if (signal.aborted) return;
  beginLines(response);
  const unsubscribe = botCalls.onCall((call) => {
    if (!isFull && call.n > sent && set.bots.has(BigInt(call.botId))) write(call);
  });
  const alive = clock.setInterval(() => {
    if (!isFull) isFull = !response.write(ALIVE);
  }, ALIVE_MS);
  response.on('drain', catchUp);
  try {
    catchUp();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    unsubscribe();
    alive.cancel();
    response.off('drain', catchUp).end();
  }
}
