import { expect, test } from 'vitest';
import type { ConnectionLimits } from '../src/gateway-services.ts';
import { ConnectionTimes } from '../src/sockets/connection-times.ts';

const LIMITS = { idleTimeoutMs: 300_000, firstPacketMs: 10_000, firstKeyMs: 10_000, packetMs: 10_000, congestedMs: 10_000 } as ConnectionLimits;

/** When a connection closes that was opened at 0 and got these pings: [time, delay that the client asked for]. */
function closesAt(pings: readonly (readonly [number, number])[]): [number, string] | undefined {
  const times = new ConnectionTimes(0);
  for (let nowMs = 0; nowMs <= 300_000; nowMs += 500) {
    for (const [, delayMs] of pings.filter(([atMs]) => atMs === nowMs)) times.pinged(nowMs, delayMs);
    const reason = times.overdue(nowMs, LIMITS, 'used');
    if (reason !== undefined) return [nowMs, reason];
  }
  return undefined;
}

test.each<[string, readonly (readonly [number, number])[], [number, string]]>([
  ['what it asked for', [[0, 140_000]], [140_000, 'ping-timeout']],
  ['75 s if it asked for less', [[0, 7000]], [75_000, 'ping-timeout']],
  ['75 s if it asked for nothing', [[0, 0]], [75_000, 'ping-timeout']],
  ['75 s counted from its last ping', [[0, 7000], [65_000, 7000]], [140_000, 'ping-timeout']],
  ['what it asked for last, also if that is sooner', [[0, 200_000], [20_000, 7000]], [95_000, 'ping-timeout']],
  ['the time without a byte, if it asked for more', [[0, 400_000]], [300_000, 'idle']],
  ['the time without a byte, if it never asked', [], [300_000, 'idle']],
])('a silent client is disconnected after %s', (_, pings, closed) => {
  expect(closesAt(pings)).toEqual(closed);
});

test('a client that names a few seconds and pings once a minute stays', () => {
  expect(closesAt([[1000, 7000], [66_000, 7000], [131_000, 7000], [196_000, 7000], [261_000, 7000]])?.[1]).toBe('idle');
});

test('the delay is forgotten with the session that asked for it', () => {
  const times = new ConnectionTimes(0);
  times.pinged(0, 75_000);
  times.forgetPing();
  expect(times.overdue(80_000, LIMITS, 'used')).toBeUndefined();
});
