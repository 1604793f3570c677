import { expect, test } from 'vitest';
import { spanMs } from '../src/span.ts';
import { StandIn } from './stand-in.ts';

test('a span of time is milliseconds, text or parts', () => {
  expect(spanMs(1500)).toBe(1500);
  expect(spanMs('2h')).toBe(7_200_000);
  expect(spanMs('1h 30m')).toBe(5_400_000);
  expect(spanMs('1.5s')).toBe(1500);
  expect(spanMs('500ms')).toBe(500);
  expect(spanMs('1d2h')).toBe(93_600_000);
  expect(spanMs({ hours: 2, minutes: 1 })).toBe(7_260_000);
  expect(spanMs(0)).toBe(0);
});

test('what is no span of time is refused', () => {
  for (const wrong of ['', '2', '2 weeks', 'h', '-2h', '2h!', -1, Number.NaN, Infinity, {}, { weeks: 1 }]) {
    expect(() => spanMs(wrong as string), JSON.stringify(wrong)).toThrow('is no span of time');
  }
});

test('the clock moves by a span', async () => {
  await using standIn = await StandIn.start({ 'clock.move': ({ params }) => ({ result: { ms: 1000 + Number(params['ms']) } }) });
  expect(await standIn.cloud.clock.move({ seconds: 2 })).toEqual(new Date(3000));
  expect(standIn.last('clock.move')).toEqual({ ms: 2000 });
});

test('faults name their bot, what goes wrong, and when', async () => {
  await using standIn = await StandIn.start({ 'faults.add': () => ({ result: { fault: 'f1' } }) });
  const { faults } = standIn.cloud;
  const bot = await standIn.cloud.bot();
  const added = (): unknown => standIn.last('faults.add');
  const fault = await faults.error(bot, { method: 'sendMessage', retryAfter: 3 });
  expect(added()).toEqual({ bot: '22', fault: { when: { method: 'sendMessage' }, kind: 'error', code: 429, retryAfter: 3 } });
  await faults.error(bot);
  expect(added()).toEqual({ bot: '22', fault: { kind: 'error', code: 500 } });
  await faults.slow(bot, { contains: 'hi', delay: '1s', times: 0 });
  expect(added()).toEqual({ bot: '22', fault: { when: { contains: 'hi' }, times: 0, kind: 'slow', delayMs: 1000 } });
  await faults.cut(bot, { times: 2 });
  expect(added()).toEqual({ bot: '22', fault: { times: 2, kind: 'cut' } });
  await faults.webhookTwice(bot);
  expect(added()).toEqual({ bot: '22', fault: { kind: 'twice' } });
  await faults.webhookLate(bot, { delay: 20 });
  expect(added()).toEqual({ bot: '22', fault: { kind: 'late', delayMs: 20 } });
  await fault.remove();
  expect(standIn.last('faults.remove')).toEqual({ fault: 'f1' });
  await faults.clear(bot);
  expect(standIn.last('faults.clear')).toEqual({ bot: '22' });
});
