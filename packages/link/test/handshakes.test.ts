import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, type Endpoint, seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HandshakeLimits } from '../src/handshakes.ts';
import { LinkCertificates, LinkHub, type LinkMember, openClusterKey } from '../src/index.ts';

const open: (AsyncDisposable | Disposable)[] = [];
let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'aerogram-handshakes-'))));
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await (Symbol.asyncDispose in item ? item[Symbol.asyncDispose]() : item[Symbol.dispose]());
  await rm(directory, { recursive: true, force: true });
});

async function start(name: string, handshakes: Partial<HandshakeLimits> = {}): Promise<{ hub: LinkHub; member: LinkMember }> {
  const certificates = new LinkCertificates({ name, clusterKey: await openClusterKey(directory), clock: systemClock });
  // Nobody is closed for saying nothing while a test lasts.
  const limits = { silentMs: 600_000 };
  const hub = new LinkHub({ clock: systemClock, log: silentLogger, metrics: createMetrics(), random: seededRandom(name), token: 7n, certificates, limits, handshakes });
  open.push(certificates, hub);
  return { hub, member: { name, token: 7n, endpoint: await hub.listen({ host: '127.0.0.1', port: 0 }) } };
}

/** A connection from an address of this machine that says nothing. */
async function idle({ host, port }: Endpoint, localAddress: string): Promise<Socket> {
  const socket = connect({ host, port, localAddress });
  open.push({ [Symbol.dispose]: () => void socket.destroy() });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

const isOpen = ({ closed }: Socket): boolean => !closed;

/** Lets two nodes find each other. */
async function link(...nodes: { hub: LinkHub; member: LinkMember }[]): Promise<void> {
  for (const { hub } of nodes) hub.setMembers(nodes.map(({ member }) => member));
  await expect.poll(() => nodes.every(({ hub }) => hub.up.length === 1)).toBe(true);
}

test('connections of strangers that stay idle keep no member out', async () => {
  const [a, b] = [await start('a'), await start('b')];
  for (let from = 2; from < 22; from++) for (let at = 0; at < 10; at++) await idle(b.member.endpoint, `127.0.0.${from}`);
  await link(a, b);
});

test('nor do those from the address of a member, or of a network with many', async () => {
  const [a, b] = [await start('a'), await start('b', { maxOfMember: 10 })];
  for (let at = 0; at < 30; at++) await idle(b.member.endpoint, '127.0.0.1');
  await link(a, b);
  // Members are not counted once they have proved who they are.
  for (let at = 0; at < 30; at++) await idle(b.member.endpoint, '127.0.0.1');
  expect(await a.hub.call('b', 'none', new Uint8Array(), { timeoutMs: 20_000 }).catch((error: Error) => error.message)).toBe('no call none');
});

test('the oldest makes room: of its own address first, and none of a member for strangers', async () => {
  const b = await start('b', { maxOfStrangers: 5, maxOfNetwork: 2, maxOfMember: 3 });
  b.hub.setMembers([{ name: 'a', token: 7n, endpoint: { host: '127.0.0.1', port: 1 } }]);
  const sockets: Record<string, Socket[]> = {};
  const dial = async (from: number): Promise<void> => void (sockets[from] ??= []).push(await idle(b.member.endpoint, `127.0.0.${from}`));
  const stay = (): string => Object.entries(sockets).map(([from, list]) => `${from}: ${list.map((socket) => (isOpen(socket) ? '+' : '-')).join('')}`).join(', ');
  for (const from of [1, 1, 1, 2, 2, 2]) await dial(from);
  await expect.poll(stay).toBe('1: +++, 2: -++');
  for (const from of [3, 4, 5, 6]) await dial(from);
  await expect.poll(stay).toBe('1: +++, 2: --+, 3: +, 4: +, 5: +, 6: +');
  await dial(1);
  await expect.poll(stay).toBe('1: -+++, 2: --+, 3: +, 4: +, 5: +, 6: +');
});
