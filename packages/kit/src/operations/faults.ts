import { ALIASES, BOT_METHODS } from '@aerogram/bot-api';
import { z } from 'zod';
import { defineOperation, type Operation } from '../define-operation.ts';
import { KitError } from '../kit-error.ts';
import { botIn, botsIn, botParam } from './bot-param.ts';

/** The longest delay of a fault, in milliseconds. */
const DELAY_MAX_MS = 600_000;

/** The longest text that is looked for or said, in characters. */
const TEXT_MAX = 4096;

const faultId = z.string().regex(/^\d{1,15}$/).describe('Number of the fault');

const fault = z.strictObject({
  when: z
    .strictObject({
      method: z.string().min(1).max(64).optional().describe('Only calls of this method'),
      contains: z.string().min(1).max(TEXT_MAX).optional().describe('Only calls whose parameters contain this text, or updates that contain it'),
    })
    .optional(),
  times: z.number().int().min(0).max(1_000_000).default(1).describe('How often it happens; 0: until it is removed'),
  kind: z
    .enum(['error', 'slow', 'cut', 'twice', 'late'])
    .describe('error: the call is refused and does nothing; slow: it is answered late; cut: the connection is closed and nothing is done; twice, late: an update to the webhook'),
  code: z.number().int().min(400).max(599).optional().describe('Of an error: status and error_code; 429 if retryAfter is given, otherwise 500'),
  description: z.string().max(TEXT_MAX).optional().describe('Of an error'),
  retryAfter: z.number().int().min(1).max(86_400).optional().describe('Of an error, in seconds'),
  delayMs: z.number().int().min(0).max(DELAY_MAX_MS).optional().describe('Of what is slow or late, in milliseconds of real time; 1000 if absent'),
});

const METHODS: ReadonlySet<string> = new Set([...BOT_METHODS.map(({ method }) => method), ...Object.keys(ALIASES)].map((name) => name.toLowerCase()));

/** Whether bots can call a method of this name, in any spelling. */
const isMethod = (name: string): boolean => METHODS.has(name.toLowerCase());

/** Operations that make calls of bots go wrong on purpose. */
export const FAULT_OPERATIONS: readonly Operation[] = [
  defineOperation({
    name: 'faults.add',
    summary: 'Makes calls of a bot, or updates to its webhook, go wrong on purpose.',
    params: z.strictObject({ bot: botParam, fault }),
    result: z.strictObject({ fault: faultId }),
    run({ kit, set }, { bot, fault: { when, retryAfter, code = retryAfter === undefined ? 500 : 429, delayMs = 1000, ...rest } }) {
      const isOfWebhook = rest.kind === 'twice' || rest.kind === 'late';
      if (isOfWebhook && when?.method !== undefined) throw new KitError('invalid', `A fault of the kind ${rest.kind} is for updates to a webhook, which have no method`);
      if (when?.method !== undefined && !isMethod(when.method)) throw new KitError('invalid', `No method of the Bot API is called ${JSON.stringify(when.method)} here`);
      const id = kit.botCalls.faults.add({ ...rest, ...when, botId: botIn(set, bot), code, retryAfter, delayMs });
      if (id === undefined) throw new KitError('invalid', 'There are too many faults: remove some');
      return Promise.resolve({ fault: String(id) });
    },
  }),
  defineOperation({
    name: 'faults.remove',
    summary: 'Removes a fault. Does nothing if it is gone already.',
    params: z.strictObject({ fault: faultId }),
    result: z.strictObject({}),
    run({ kit, set }, { fault: text }) {
      const { faults } = kit.botCalls;
      const botId = faults.botOf(Number(text));
      if (botId !== undefined && set.bots.has(botId)) faults.remove(Number(text));
      return Promise.resolve({});
    },
  }),
  defineOperation({
    name: 'faults.clear',
    summary: 'Removes the faults of a bot, or of all bots of the set.',
    params: z.strictObject({ bot: botParam.optional() }),
    result: z.strictObject({}),
    run({ kit, set }, { bot }) {
      kit.botCalls.faults.clear(botsIn(set, bot));
      return Promise.resolve({});
    },
  }),
];
