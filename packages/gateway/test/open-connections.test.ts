import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { LEAVING_MS, NOTICED_MS, OpenConnections } from '../src/sockets/open-connections.ts';

/** A set of connections that notes when each was closed. */
function stage(count: number) {
  const clock = createFakeClock();
  const closedMs: number[] = [];
  const connections = new OpenConnections();
  for (let i = 0; i < count; i++) connections.add({ watch() {}, stopReading() {}, close: () => void closedMs.push(clock.monotonicMs()) });
  return { clock, closedMs, connections, beganMs: clock.monotonicMs() };
}

test('many connections are closed evenly over the whole time', async () => {
  const { clock, closedMs, connections, beganMs } = stage(100_000);
  const closing = connections.closeGradually(clock, new AbortController().signal);
  await clock.advance(NOTICED_MS);
  for (let ms = NOTICED_MS; ms < LEAVING_MS; ms += 1000) {
    await clock.advance(1000);
    expect(closedMs.length / 100_000).toBeCloseTo((clock.monotonicMs() - beganMs - NOTICED_MS) / (LEAVING_MS - NOTICED_MS), 1);
  }
  await closing;
  expect(closedMs).toHaveLength(100_000);
});

test('a few are closed at once when proxies lead nobody here any more, with those that came meanwhile, and none after the signal', async () => {
  const few = stage(2);
  const closing = few.connections.closeGradually(few.clock, new AbortController().signal);
  await few.clock.advance(NOTICED_MS - 1);
  expect(few.closedMs).toEqual([]);
  few.connections.add({ watch() {}, stopReading() {}, close: () => void few.closedMs.push(few.clock.monotonicMs()) });
  for (let ms = 0; ms < 50; ms++) await few.clock.advance(1);
  await closing;
  expect(few.closedMs).toHaveLength(3);
  const { clock, closedMs, connections } = stage(1000);
  const stop = new AbortController();
  const stopped = connections.closeGradually(clock, stop.signal);
  await clock.advance(NOTICED_MS);
  stop.abort();
  await stopped;
  expect(closedMs.length).toBeLessThan(10);
});
