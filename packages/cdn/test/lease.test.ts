import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { LEASE_MS, Lease } from '../src/lease.ts';

const LATE_MS = 20_000;

test('a node serves for 45 s from when it gave out the ticket of the last message, however late the message comes', async () => {
  const clock = createFakeClock();
  const lease = new Lease(clock);
  expect(lease.isValid).toBe(false);
  const ticket = lease.giveTicket();
  await clock.advance(LATE_MS);
  expect(lease.renew(ticket)).toBe(true);
  await clock.advance(LEASE_MS - LATE_MS - 1);
  expect(lease.isValid).toBe(true);
  await clock.advance(1);
  expect(lease.isValid).toBe(false);
  expect(lease.renew(ticket)).toBe(true);
  expect(lease.isValid).toBe(false);
});

test('a message that was overtaken by a later one does not shorten the time', async () => {
  const clock = createFakeClock();
  const lease = new Lease(clock);
  const early = lease.giveTicket();
  await clock.advance(LATE_MS);
  lease.renew(lease.giveTicket());
  lease.renew(early);
  await clock.advance(LEASE_MS - 1);
  expect(lease.isValid).toBe(true);
});

test('tickets that the node did not give out, or another run of it, count nothing', () => {
  const clock = createFakeClock();
  const [lease, other] = [new Lease(clock), new Lease(clock)];
  const ticket = lease.giveTicket();
  const changed = Array.from(ticket, (character, at) => ticket.slice(0, at) + (character === '0' ? '1' : '0') + ticket.slice(at + 1));
  for (const wrong of [...changed, other.giveTicket(), '', '0'.repeat(ticket.length)]) expect(lease.renew(wrong), wrong).toBe(false);
  expect(lease.isValid).toBe(false);
});
