import type { ServerResponse } from 'node:http';
import { type Clock, systemClock } from '@aerogram/runtime';
import type { BotCallLog, RecordedCall } from '../bot-call-log.ts';
import type { TestSet } from '../test-set.ts';
import { beginLines } from './send-answer.ts';

/** How often an empty line is sent while no bot calls anything, in milliseconds: many HTTP clients give up after some minutes without a byte. */
const ALIVE_MS = 30_000;

/** A reader that has so many calls still to read is cut off: the log soon drops calls that it has not got. */
const BEHIND_MAX = 5_000;

export interface CallStreamOptions {
  botCalls: Pick<BotCallLog, 'list' | 'onCall'>;
  set: TestSet;
  /** The reader has all calls up to this number. */
  after: number;
  signal: AbortSignal;
  /** Whether the set has ended, so that its bots call nothing any more. */
  isOver(): boolean;
  /** Real time. */
  clock?: Pick<Clock, 'setInterval'>;
}

/**
 * Writes the calls of the bots of a set as JSON lines, each as soon as it is recorded, until the signal fires, or some time after the set has ended. While the reader is slow nothing is
 * kept for it: it gets the rest out of the log when it has read what was sent.
 */
export async function streamCalls(response: ServerResponse, { botCalls, set, after, signal, isOver, clock = systemClock }: CallStreamOptions): Promise<void> {
  if (signal.aborted) return;
  let sent = after;
  let isFull = false;
  let behind = 0;
  const write = (call: RecordedCall): void => {
    sent = call.n;
    isFull = !response.write(`${JSON.stringify(call)}\n`);
  };
  const catchUp = (): void => {
    isFull = false;
    behind = 0;
    for (const call of botCalls.list(set.bots, sent)) {
      if (isFull) behind++;
      else write(call);
    }
  };
  beginLines(response);
  const unsubscribe = botCalls.onCall((call) => {
    if (!set.bots.has(BigInt(call.botId))) return;
    if (!isFull) write(call);
    else if (++behind > BEHIND_MAX) response.destroy();
  });
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const alive = clock.setInterval(() => {
    if (isOver()) end();
    else if (!isFull) isFull = !response.write('\n');
  }, ALIVE_MS);
  response.on('drain', catchUp);
  signal.addEventListener('abort', end, { once: true });
  try {
    catchUp();
    await ended;
  } finally {
    unsubscribe();
    alive.cancel();
    response.off('drain', catchUp).end();
  }
}
