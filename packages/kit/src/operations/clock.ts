import { z } from 'zod';
import { defineOperation, type Operation } from '../define-operation.ts';
import { KitError } from '../kit-error.ts';
import { MOVE_MAX_MS } from '../kit-clock.ts';

const time = z.strictObject({ ms: z.number().int().describe('Milliseconds since 1970') });

/** Operations on the time. */
export const CLOCK_OPERATIONS: readonly Operation[] = [
  defineOperation({
    name: 'clock.now',
    summary: 'Tells the time of the server: real time plus what it was moved by.',
    params: z.strictObject({}),
    result: time,
    run: ({ kit }) => Promise.resolve({ ms: Math.floor(kit.clock.nowMs()) }),
  }),
  defineOperation({
    name: 'clock.move',
    summary: 'Moves the time of the server ahead. What becomes due by it, such as scheduled messages, happens before the answer.',
    params: z.strictObject({ ms: z.number().int().min(0).max(MOVE_MAX_MS).describe('By how many milliseconds') }),
    result: time,
    async run({ kit }, { ms }) {
      const nowMs = kit.clock.nowMs() + ms;
      if (nowMs > LAST_MS) throw new KitError('invalid', `The time cannot be moved to ${new Date(nowMs).toISOString()}: dates end in 2038`);
      await kit.clock.move(ms);
      return { ms: Math.floor(kit.clock.nowMs()) };
    },
  }),
];

/** Dates of messages are 32-bit numbers of seconds, and the server adds lifetimes of up to a year or two to them. */
const LAST_MS = Date.UTC(2035, 0, 1);
