import { createFakeClock } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { BOT_METHODS } from '../src/methods/index.ts';
import { Params } from '../src/params/params.ts';
import { SendRates } from '../src/send-rates.ts';

const LIMITS = { botMessagesPerSecond: 30, botMessagesPerPerson: 60, botMessagesPerGroup: 20 };

/** They store nothing. */
const UNCOUNTED = ['sendChatAction', 'sendMessageDraft'];

/** How many messages a bot may send one after the other. */
function countAllowed(rates: SendRates, chatOf: (at: number) => string): number {
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
    expect(countAllowed(new SendRates(clock, LIMITS), () => '-1001234')).toBe(20);
    expect(countAllowed(new SendRates(clock, LIMITS), () => '@Group')).toBe(20);
    expect(countAllowed(new SendRates(clock, LIMITS), () => '77')).toBe(30);
    const rates = new SendRates(clock, LIMITS);
    expect(countAllowed(rates, (at) => String(at + 1))).toBe(30);
    await clock.advance(1000);
    expect(countAllowed(rates, (at) => String(at + 1))).toBe(30);
  });

  test('is counted for a chat however its id is written', () => {
    const rates = new SendRates(createFakeClock(), LIMITS);
    rates.take(1n, '-5', 20);
    for (const chat of [' -5', '-05', '-5\n']) expect(() => rates.take(1n, chat, 1)).toThrow(/retry after/);
    rates.take(2n, '77', 30);
    for (const chat of ['+77', '077', ' 77']) expect(() => rates.take(2n, chat, 1)).toThrow(/retry after/);
  });

  test('is told with the seconds to wait', () => {
    const rates = new SendRates(createFakeClock(), LIMITS);
    rates.take(1n, '-5', 20);
    expect(() => rates.take(1n, '-5', 1)).toThrow(expect.objectContaining({ code: 429, parameters: { retry_after: 3 }, message: 'Too Many Requests: retry after 3' }));
    expect(() => rates.take(2n, '-5', 1)).not.toThrow();
  });

  test('has no bounds where the settings say so', () => {
    expect(countAllowed(new SendRates(createFakeClock(), { botMessagesPerSecond: 0, botMessagesPerPerson: 0, botMessagesPerGroup: 0 }), () => '-5')).toBe(1000);
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
