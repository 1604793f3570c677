import { createServer } from 'node:net';
import { once } from 'node:events';
import { seededRandom, systemClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { RELAY_LIMITS } from '../src/relay-limits.ts';
import { guardedLookup, NOT_PUBLIC } from '../src/sessions/guarded-lookup.ts';
import { OutgoingSession } from '../src/sessions/outgoing-session.ts';
import { identities } from './db/two-ends.ts';

const [identity] = identities(1);

test('another home is not dialled where it must not be, by an address or by a name', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  for (const [host, isOpen] of [['127.0.0.1', false], ['localhost', false], ['127.0.0.1', true], ['localhost', true]] as const) {
    const asked: string[] = [];
    // A connection was refused, or has ended, when the session plans the next one.
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => void (end = resolve));
    const clock = {
      ...systemClock,
      setTimeout: (run: () => void, ms: number) => {
        if (ms !== RELAY_LIMITS.silentMs) end();
        return systemClock.setTimeout(run, ms);
      },
    };
    const before = connections;
    using session = new OutgoingSession({
      identity: identity!, dc: 2, clock, random: seededRandom(1), limits: RELAY_LIMITS, isGood: () => true, onRefused: () => undefined, onUp: () => undefined, onDown: () => undefined,
      mayDial: (address) => {
        asked.push(address);
        return isOpen;
      },
    });
    session.setTargets([{ host, port }]);
    await ended;
    expect([host, connections > before, asked.length > 0]).toEqual([host, isOpen, true]);
  }
  server.close();
});

test('a name keeps those of its addresses that may be dialled', async () => {
  const look = (mayDial: (address: string) => boolean, all: boolean): Promise<unknown> =>
    new Promise((resolve) => guardedLookup(mayDial)('localhost', { all }, (error, address) => resolve(error?.message ?? address)));
  expect(await look((address) => address === '127.0.0.1', true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await look((address) => address === '127.0.0.1', false)).toBe('127.0.0.1');
  expect(await look(() => false, true)).toBe(NOT_PUBLIC);
});
