import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LinkCertificates, LinkHub, type LinkLimits, type LinkMember, openClusterKey } from '../src/index.ts';

const open: (AsyncDisposable | Disposable)[] = [];
let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'aerogram-link-http-'))));
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await (Symbol.asyncDispose in item ? item[Symbol.asyncDispose]() : item[Symbol.dispose]());
  await rm(directory, { recursive: true, force: true });
});

async function start(name: string, limits: Partial<LinkLimits> = {}): Promise<{ hub: LinkHub; member: LinkMember }> {
  const certificates = new LinkCertificates({ name, clusterKey: await openClusterKey(directory), clock: systemClock });
  const hub = new LinkHub({ clock: systemClock, log: silentLogger, metrics: createMetrics(), random: seededRandom(name), token: 7n, certificates, limits });
  open.push(certificates, hub);
  const server = createServer((got, response) => void got.pipe(response));
  hub.onHttpConnection((socket) => void server.emit('connection', socket));
  return { hub, member: { name, token: 7n, endpoint: await hub.listen({ host: '127.0.0.1', port: 0 }) } };
}

async function linked(...nodes: { hub: LinkHub }[]): Promise<void> {
  await expect.poll(() => nodes.every(({ hub }) => hub.up.length === 1)).toBe(true);
}

/** Sends a body to a node, which sends it back. @returns the answer, or the error */
function post({ hub }: { hub: LinkHub }, node: string, body: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: node, agent: hub.agent, method: 'POST' }, (answer) => void answer.toArray().then((chunks) => resolve(String(Buffer.concat(chunks)))));
    sent.on('error', (error) => resolve(error.message));
    sent.end(body);
  });
}

test('a request to a member is answered by it, over a connection that is kept', async () => {
  const [a, b] = [await start('a'), await start('b')];
  for (const { hub } of [a, b]) hub.setMembers([a.member, b.member]);
  await linked(a, b);
  const long = 'x'.repeat(3_000_000);
  expect(await post(a, 'b', long)).toBe(long);
  expect(await post(a, 'b', 'again')).toBe('again');
  expect(await post(b, 'a', 'back')).toBe('back');
  expect(Object.keys(a.hub.agent.freeSockets).length).toBe(1);
});

test('a node without a link is not asked, and its connections end with the link', async () => {
  const [a, b] = [await start('a'), await start('b')];
  b.hub.setMembers([a.member, b.member]);
  // Node a does not know b.
  expect(await post(b, 'a', 'hello')).toContain('ECONNREFUSED');
  a.hub.setMembers([a.member, b.member]);
  await linked(a, b);
  expect(await post(b, 'a', 'hello')).toBe('hello');
  a.hub.setMembers([a.member]);
  await expect.poll(() => Object.keys(b.hub.agent.freeSockets).length).toBe(0);
});

test('a request that is not answered ends with the link', async () => {
  const [a, b] = [await start('a'), await start('b')];
  for (const { hub } of [a, b]) hub.setMembers([a.member, b.member]);
  await linked(a, b);
  b.hub.onHttpConnection(() => {});
  const asked = post(a, 'b', 'hello');
  await expect.poll(() => Object.keys(a.hub.agent.sockets).length).toBe(1);
  a.hub.setMembers([a.member]);
  expect(await asked).toMatch(/socket|ECONNRESET/);
});

test('a request waits only so long for a connection', async () => {
  const [a, b] = [await start('a', { silentMs: 1500, beatMs: 50 }), await start('b', { silentMs: 1500, beatMs: 50 })];
  const sockets = new Set<Socket>();
  let isHeld = false;
  const between = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    if (isHeld) return;
    const onward = connect(b.member.endpoint.port, '127.0.0.1').on('error', () => undefined);
    sockets.add(onward);
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  open.push({
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      between.close();
    },
  });
  await new Promise((resolve) => void between.once('listening', resolve));
  b.hub.setMembers([a.member]);
  a.hub.setMembers([{ ...b.member, endpoint: { host: '127.0.0.1', port: (between.address() as AddressInfo).port } }]);
  await linked(a, b);
  isHeld = true;
  expect(await post(a, 'b', 'hello')).toBe('no connection to b in time');
  // The link itself stands.
  expect(a.hub.up).toEqual(['b']);
});
