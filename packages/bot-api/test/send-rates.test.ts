import { createFakeClock } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import type { Invoke } from '../src/bot-call.ts';
import { BOT_METHODS } from '../src/methods/index.ts';
import { findChatId } from '../src/params/chat-id.ts';
import { Params } from '../src/params/params.ts';
import { rememberNames } from '../src/remember-names.ts';
import { SendRates } from '../src/send-rates.ts';

const LIMITS = { botMessagesPerSecond: 30, botMessagesPerPerson: 60, botMessagesPerGroup: 20 };

/** They store nothing. */
const UNCOUNTED = ['sendChatAction', 'sendMessageDraft'];

/** How many messages a bot may send one after the other. */
function countAllowed(rates: SendRates, chatOf: (at: number) => bigint): number {
  for (let at = 0; at < 1000; at++) {
    try {
      rates.take(1n, chatOf(at), 1);
    } catch {
      return at;
    }
  }
  return 1000;
}

describe('how fast a bot sends', () => {
  test('is bounded for a group, a person and all together', async () => {
    const clock = createFakeClock();
    expect(countAllowed(new SendRates(clock, LIMITS), () => -1_000_000_001_234n)).toBe(20);
    expect(countAllowed(new SendRates(clock, LIMITS), () => -5n)).toBe(20);
    expect(countAllowed(new SendRates(clock, LIMITS), () => 77n)).toBe(30);
    const rates = new SendRates(clock, LIMITS);
    expect(countAllowed(rates, (at) => BigInt(at + 1))).toBe(30);
    await clock.advance(1000);
    expect(countAllowed(rates, (at) => BigInt(at + 1))).toBe(30);
  });

  test('is counted for a chat whichever way it is named, which is looked up once', async () => {
    const asked: string[] = [];
    const invoke = rememberNames((async (request: { username: string }) => {
      asked.push(request.username);
      return { chats: [{ _: 'channel', id: 7n }] };
    }) as unknown as Invoke);
    for (const text of ['-1000000000007', ' -01000000000007\n', '@Group', '@group']) expect(await findChatId({ invoke }, text)).toBe(-1_000_000_000_007n);
    expect(asked).toEqual(['Group']);
    for (const text of ['77', '+77', ' 077']) expect(await findChatId({ invoke }, text)).toBe(77n);
    for (const text of ['', 'group', '0']) expect(await findChatId({ invoke }, text)).toBeUndefined();
  });

  test('is told with the seconds to wait', () => {
    const rates = new SendRates(createFakeClock(), LIMITS);
    rates.take(1n, -5n, 20);
    expect(() => rates.take(1n, -5n, 1)).toThrow(expect.objectContaining({ code: 429, parameters: { retry_after: 3 }, message: 'Too Many Requests: retry after 3' }));
    expect(() => rates.take(2n, -5n, 1)).not.toThrow();
  });

  test('has no bounds where the settings say so', () => {
    expect(countAllowed(new SendRates(createFakeClock(), { botMessagesPerSecond: 0, botMessagesPerPerson: 0, botMessagesPerGroup: 0 }), () => -5n)).toBe(1000);
  });

  test('counts every message of every method that sends some', () => {
    const counted = new Map(BOT_METHODS.flatMap(({ method, sends }) => (sends === undefined ? [] : [[method, sends]])));
    const sending = BOT_METHODS.map(({ method }) => method).filter((method) => /^(send|copy|forward)/.test(method) && !UNCOUNTED.includes(method));
    expect([...counted.keys()].sort()).toEqual(sending.sort());
    const album = new Params(new Map([['media', JSON.stringify(Array.from({ length: 3 }, () => ({ type: 'photo', media: 'https://example.org/a.jpg' })))]]));
    expect(counted.get('sendMediaGroup')!(album)).toBe(3);
    expect(counted.get('forwardMessages')!(new Params(new Map([['message_ids', [1, 2, 5]]])))).toBe(3);
    expect(counted.get('sendPhoto')!(new Params(new Map()))).toBe(1);
  });
});
