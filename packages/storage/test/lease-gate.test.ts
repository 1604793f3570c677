import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { DatabaseUnavailable, LeaseGate } from '../src/index.ts';
import { NODE_TIMES } from '../src/nodes/node-times.ts';

/** What happened to a writer that waits at the gate. */
function outcomeOf(gate: LeaseGate): Promise<unknown> {
  const waiting = gate.gate();
  if (!waiting) throw new Error('the gate is open');
  return waiting.then(() => 'passed', (error: unknown) => error);
}

test('a writer passes for five seconds after a renewal, then waits for the next one for a limited time', async () => {
  const clock = createFakeClock();
  const gate = new LeaseGate(clock);
  await clock.advance(4900);
  expect(gate.gate()).toBeUndefined();
  await clock.advance(200);
  const waiting = outcomeOf(gate);
  await clock.advance(1000);
  gate.renewed(clock.monotonicMs());
  expect(await waiting).toBe('passed');
  expect(gate.gate()).toBeUndefined();

  await clock.advance(6000);
  const late = outcomeOf(gate);
  await clock.advance(3000);
  expect(await late).toBeInstanceOf(DatabaseUnavailable);
  expect(clock.pendingTimers()).toBe(0);
});

test('a renewal that was sent too long ago lets nobody pass', async () => {
  const clock = createFakeClock();
  const gate = new LeaseGate(clock);
  await clock.advance(6000);
  const waiting = outcomeOf(gate);
  gate.renewed(clock.monotonicMs() - 5500);
  await clock.advance(3000);
  expect(await waiting).toBeInstanceOf(DatabaseUnavailable);
});

test('after the lease is lost nobody passes, including waiting writers', async () => {
  const clock = createFakeClock();
  const gate = new LeaseGate(clock);
  await clock.advance(6000);
  const waiting = outcomeOf(gate);
  const lost = new Error('taken over');
  gate.close(lost);
  expect(await waiting).toBe(lost);
  gate.renewed(clock.monotonicMs());
  const late = outcomeOf(gate);
  await clock.advance(10);
  expect(await late).toBe(lost);
});

test('a node of a cluster writes for two seconds after a renewal, and answers for two and a half', async () => {
  const clock = createFakeClock();
  const gate = new LeaseGate(clock, NODE_TIMES);
  await clock.advance(1900);
  expect([gate.gate(), gate.mayAnswer()]).toEqual([undefined, true]);
  await clock.advance(200);
  const waiting = outcomeOf(gate);
  expect(gate.mayAnswer()).toBe(true);
  await clock.advance(400);
  expect(gate.mayAnswer()).toBe(false);
  gate.renewed(clock.monotonicMs());
  expect([await waiting, gate.mayAnswer()]).toEqual(['passed', true]);
  gate.close(new Error('lost'));
  expect(gate.mayAnswer()).toBe(false);
});
