import { z } from 'zod';
import { defineOperation, type Operation } from '../define-operation.ts';
import { botParam, botsIn } from './bot-param.ts';

/** One call of a bot. */
export const recordedCall = z.strictObject({
  n: z.number().int().describe('Counts up in the order in which calls ended'),
  botId: z.string(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).describe('Values that came as JSON in a text are values here; a file is { file: name, size: bytes }'),
  ok: z.boolean(),
  result: z.unknown().optional().describe('Left out if it is longer than a million characters'),
  error: z.strictObject({ error_code: z.number().int(), description: z.string(), parameters: z.record(z.string(), z.unknown()).optional() }).optional(),
  startedMs: z.number().describe('By the clock of the server, in milliseconds since 1970'),
  endedMs: z.number(),
});

/** Operations on what bots have called. */
export const CALL_OPERATIONS: readonly Operation[] = [
  defineOperation({
    name: 'calls.list',
    summary: 'Lists what the bots of the set have called, oldest first. Calls of getUpdates without an update are left out, and so are the oldest of very many calls.',
    params: z.strictObject({
      bot: botParam.optional(),
      method: z.string().min(1).max(64).optional().describe('Only calls of this method'),
      after: z.number().int().min(0).default(0).describe('Only calls with a greater n'),
    }),
    result: z.array(recordedCall),
    run({ kit, set }, { bot, method, after }) {
      const wanted = method?.toLowerCase();
      return Promise.resolve(kit.botCalls.list(botsIn(set, bot), after).filter((call) => wanted === undefined || call.method.toLowerCase() === wanted));
    },
  }),
];
