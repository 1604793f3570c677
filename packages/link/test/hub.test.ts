import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { createFakeClock, createMetrics, type Endpoint, seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { VERSIONS, writeGreeting, writeRequest } from '../src/bodies.ts';
import { FRAME, FrameReader, writeHeader } from '../src/frames.ts';
import { CallRefused, LinkCertificates, LinkError, LinkHub, type LinkLimits, type LinkMember, openClusterKey } from '../src/index.ts';

const ANY = { host: '127.0.0.1', port: 0 };
const metrics = createMetrics();
const open: (AsyncDisposable | Disposable)[] = [];
let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'aerogram-hub-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await (Symbol.asyncDispose in item ? item[Symbol.asyncDispose]() : item[Symbol.dispose]());
});

async function certificatesOf(name: string, keys = 'keys', clock = systemClock): Promise<LinkCertificates> {
  const certificates = new LinkCertificates({ name, clusterKey: await openClusterKey(join(directory, keys)), clock });
  open.push(certificates);
  return certificates;
}

interface Node {
  hub: LinkHub;
  member: LinkMember;
  /** What came up and went down, such as `+b`. */
  states: string[];
}

interface Terms {
  certificates?: LinkCertificates;
  limits?: Partial<LinkLimits>;
  port?: number;
}

async function start(name: string, { certificates, limits, port = 0 }: Terms = {}): Promise<Node> {
  const hub = new LinkHub({
    clock: systemClock, log: silentLogger, metrics, random: seededRandom(name), token: 7n, limits, certificates: certificates ?? (await certificatesOf(name)),
  });
  open.push(hub);
  const states: string[] = [];
  hub.onUp((node) => states.push(`+${node}`));
  hub.onDown((node) => states.push(`-${node}`));
  hub.onCall('echo', (body, from) => Buffer.concat([Buffer.from(from), body]));
  return { hub, states, member: { name, token: 7n, endpoint: await hub.listen({ ...ANY, port }) } };
}

/** Nodes that know each other, all of whose links are up. */
async function startLinked(...names: string[]): Promise<Node[]> {
  const nodes = await Promise.all(names.map((name) => start(name)));
  for (const { hub } of nodes) hub.setMembers(nodes.map(({ member }) => member));
  for (const { hub } of nodes) await expect.poll(() => hub.up.length).toBe(names.length - 1);
  return nodes;
}

/** A connection that shows a certificate, but is no hub. */
async function dial({ host, port }: Endpoint, certificates: LinkCertificates): Promise<TLSSocket> {
  const socket = connect({ ...certificates.options, host, port, checkServerIdentity: () => undefined });
  open.push({ [Symbol.dispose]: () => void socket.destroy() });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

const frame = (kind: number, channel: number, body: Uint8Array): Buffer => Buffer.concat([writeHeader({ kind, channel, body, isPart: false }), body]);
const greeting = (name: string): Buffer => frame(FRAME.greeting, 0, writeGreeting({ ...VERSIONS, name, token: 7n }));
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.resume().once('close', () => resolve());
  });
const reasonOf = (call: Promise<unknown>): Promise<unknown> => call.then(() => 'answered', (error: unknown) => (error instanceof LinkError ? error.reason : error));
const text = (body: Uint8Array): string => Buffer.from(body).toString();
const ask = ({ hub }: Node, node: string, kind = 'echo', timeoutMs = 20_000): Promise<Uint8Array> => hub.call(node, kind, Buffer.from('!'), { timeoutMs });

test('three nodes have one link for each pair, and each answers the others by name', async () => {
  const nodes = await startLinked('a', 'b', 'c');
  for (const node of nodes) for (const other of nodes) if (other !== node) expect(text(await ask(node, other.member.name))).toBe(`${node.member.name}!`);
  expect(nodes.map(({ states }) => states.length)).toEqual([2, 2, 2]);
});

test('10,000 calls at once begin in order, both ways, and long bodies come whole', async () => {
  const [a, b] = await startLinked('a', 'b');
  for (const [from, to] of [[a!, b!], [b!, a!]] as const) {
    const seen: number[] = [];
    to.hub.onCall('count', (body) => (seen.push(Number(text(body))), body));
    const numbers = Array.from({ length: 10_000 }, (_, at) => at);
    const answers = await Promise.all(numbers.map((at) => from.hub.call(to.member.name, 'count', Buffer.from(String(at)), { timeoutMs: 30_000 })));
    expect(answers.map((body) => Number(text(body)))).toEqual(numbers);
    expect(seen).toEqual(numbers);
  }
  const long = Buffer.alloc(1_000_000, 'long');
  expect(text(await a!.hub.call('b', 'echo', long, { timeoutMs: 20_000 }))).toBe(`a${text(long)}`);
});

test('a call is refused with the reason, or times out', async () => {
  const [a, b] = await startLinked('a', 'b');
  b!.hub.onCall('no', () => Promise.reject(new CallRefused('not now')));
  b!.hub.onCall('broken', () => Promise.reject(new Error('hidden')));
  b!.hub.onCall('never', () => new Promise(() => undefined));
  await expect(ask(a!, 'b', 'no')).rejects.toMatchObject({ reason: 'refused', message: 'not now' });
  await expect(ask(a!, 'b', 'broken')).rejects.toMatchObject({ reason: 'failed', message: '' });
  expect(await Promise.all([reasonOf(ask(a!, 'b', 'other')), reasonOf(ask(a!, 'b', 'never', 20)), reasonOf(ask(a!, 'z'))])).toEqual(['unknown', 'timeout', 'down']);
});

test('what is told comes in order', async () => {
  const [a, b] = await startLinked('a', 'b');
  const told: number[] = [];
  b!.hub.onTell('n', (body) => void told.push(body.length));
  for (const length of [200_000, 1, 70_000, 2]) expect(a!.hub.tell('b', 'n', Buffer.alloc(length))).toBe(true);
  await expect.poll(() => told).toEqual([200_000, 1, 70_000, 2]);
  expect(a!.hub.tell('z', 'n', Buffer.alloc(1))).toBe(false);
});

test('a call under way rejects when the node ends, and the link comes back with the node', async () => {
  const [a, b] = await startLinked('a', 'b');
  const reached = new Promise<void>((resolve) => b!.hub.onCall('never', () => (resolve(), new Promise(() => undefined))));
  const call = reasonOf(ask(a!, 'b', 'never'));
  await reached;
  await b!.hub[Symbol.asyncDispose]();
  expect(await call).toBe('down');
  expect(await reasonOf(ask(a!, 'b'))).toBe('down');
  const again = await start('b', { port: b!.member.endpoint.port });
  again.hub.setMembers([a!.member]);
  await expect.poll(() => a!.states).toEqual(['+b', '-b', '+b']);
  expect(text(await ask(a!, 'b'))).toBe('a!');
});

test('a node that is no member any more, or has another incarnation, has no link', async () => {
  const [a, b] = await startLinked('a', 'b');
  a!.hub.setMembers([{ ...b!.member, token: 8n }]);
  await expect.poll(() => b!.states).toEqual(['+a', '-a']);
  expect(a!.hub.up).toEqual([]);
  a!.hub.setMembers([b!.member]);
  await expect.poll(() => a!.hub.up).toEqual(['b']);
  b!.hub.setMembers([]);
  await expect.poll(() => a!.states).toEqual(['+b', '-b', '+b', '-b']);
});

test('another cluster, plain TCP, and a certificate of another name become no link', async () => {
  const b = await start('b');
  b.hub.setMembers([{ ...b.member, name: 'a' }, { ...b.member, name: 'c' }]);
  const { host, port } = b.member.endpoint;
  const stranger = await dial(b.member.endpoint, await certificatesOf('a', 'strangers')).catch(() => undefined);
  if (stranger) await closed(stranger);
  const plain = connectPlain(port, host, () => plain.write('GET / HTTP/1.1\r\n\r\n'));
  plain.on('error', () => undefined);
  await closed(plain);
  for (const [certificate, name] of [['a', 'c'], ['c', 'a'], ['z', 'z'], ['c', 'c']] as const) {
    // The last one is a member, but its name is the higher one, so it has to be dialled.
    const socket = await dial(b.member.endpoint, await certificatesOf(certificate));
    socket.write(greeting(name));
    await closed(socket);
  }
  expect(b.states).toEqual([]);
});

test('nobody greets a node that has another name, or belongs to another cluster', async () => {
  const a = await start('a');
  const other = await start('c');
  const stranger = await start('b', { certificates: await certificatesOf('b', 'strangers') });
  for (const { hub } of [other, stranger]) hub.setMembers([a.member]);
  const refused = async (): Promise<number> => Number(/aerogram_link_refused_connections_total (\d+)/.exec(await metrics.render())?.[1] ?? 0);
  for (const { member } of [other, stranger]) {
    const before = await refused();
    a.hub.setMembers([{ ...member, name: 'b' }]);
    await expect.poll(refused).toBeGreaterThan(before + 2);
    a.hub.setMembers([]);
  }
  expect([a.states, other.states, stranger.states]).toEqual([[], [], []]);
});

test('a link is up at the accepting end with the first frame after the greeting, and another one replaces it', async () => {
  const b = await start('b');
  b.hub.setMembers([{ ...b.member, name: 'a' }]);
  const certificates = await certificatesOf('a');
  const [first, second] = [await dial(b.member.endpoint, certificates), await dial(b.member.endpoint, certificates)];
  first.write(greeting('a'));
  await once(first, 'data');
  expect(b.states).toEqual([]);
  for (const socket of [first, second]) {
    if (socket === second) socket.write(greeting('a'));
    socket.write(frame(FRAME.beat, 0, new Uint8Array()));
    await expect.poll(() => b.states.at(-1)).toBe('+a');
    if (socket === first) expect(b.states).toEqual(['+a']);
    else await closed(first);
  }
  await expect.poll(() => b.states).toEqual(['+a', '-a', '+a']);
});

test('a peer that tells of a huge length, or sends garbage, or says nothing, loses its link', async () => {
  const b = await start('b', { limits: { beatMs: 20, silentMs: 200 } });
  b.hub.setMembers([{ ...b.member, name: 'a' }]);
  const certificates = await certificatesOf('a');
  for (const bytes of [Buffer.alloc(4, 255), frame(99, 0, new Uint8Array()), frame(FRAME.call, 1, new Uint8Array()), greeting('a'), Buffer.alloc(0)]) {
    const socket = await dial(b.member.endpoint, certificates);
    socket.write(Buffer.concat([greeting('a'), frame(FRAME.beat, 0, new Uint8Array()), bytes]));
    await closed(socket);
  }
  await expect.poll(() => b.states).toEqual(Array.from({ length: 5 }, () => ['+a', '-a']).flat());
  // Nor does one who never greets, however often it sends something.
  const socket = await dial(b.member.endpoint, certificates);
  socket.write(Buffer.alloc(3));
  await closed(socket);
});

test('to a peer that reads nothing, calls are refused beyond the bound, and then its link ends', async () => {
  const b = await start('b', { limits: { beatMs: 50, silentMs: 60_000, stalledMs: 500, maxWaitingBytes: 32_000_000 } });
  b.hub.setMembers([{ ...b.member, name: 'a' }]);
  const socket = await dial(b.member.endpoint, await certificatesOf('a'));
  socket.write(Buffer.concat([greeting('a'), frame(FRAME.beat, 0, new Uint8Array())]));
  await expect.poll(() => b.hub.up).toEqual(['a']);
  socket.pause();
  const outcomes: Promise<unknown>[] = [];
  // More than the buffers of the system hold.
  const body = Buffer.alloc(1_000_000);
  for (let at = 0; at < 60; at++) outcomes.push(reasonOf(b.hub.call('a', 'x', body, { timeoutMs: 60_000 })));
  const found = await Promise.all(outcomes);
  expect(new Set(found)).toEqual(new Set(['busy', 'down']));
  expect(found.filter((reason) => reason === 'down').length).toBeLessThanOrEqual(32);
  expect(b.states).toEqual(['+a', '-a']);
});

test('more calls than may be under way are refused, until answers were read', async () => {
  const [a, b] = [await start('a'), await start('b', { limits: { maxCalls: 3 } })];
  for (const { hub } of [a, b]) hub.setMembers([a.member, b.member]);
  await expect.poll(() => a.hub.up).toEqual(['b']);
  const waiting: (() => void)[] = [];
  b.hub.onCall('wait', () => new Promise((resolve) => waiting.push(() => resolve(new Uint8Array()))));
  const calls = Array.from({ length: 5 }, () => reasonOf(ask(a, 'b', 'wait')));
  expect(await Promise.all(calls.slice(3))).toEqual(['busy', 'busy']);
  for (const answer of waiting) answer();
  expect(await Promise.all(calls.slice(0, 3))).toEqual(['answered', 'answered', 'answered']);
  expect(text(await ask(a, 'b'))).toBe('a!');
});

test('a renewed certificate is shown on the next connection, and links that stand go on', async () => {
  const clock = createFakeClock(Date.now());
  const [a, b] = [await start('a'), await start('b', { certificates: await certificatesOf('b', 'keys', clock) })];
  for (const { hub } of [a, b]) hub.setMembers([a.member, b.member]);
  await expect.poll(() => a.hub.up).toEqual(['b']);
  const own = await certificatesOf('a');
  const shown = async (): Promise<string> => (await dial(b.member.endpoint, own)).getPeerCertificate().serialNumber;
  const before = await shown();
  expect(await shown()).toBe(before);
  await clock.advance(25 * 60 * 60 * 1000);
  expect(await shown()).not.toBe(before);
  expect(text(await ask(a, 'b'))).toBe('a!');
  expect([a.states, b.states]).toEqual([['+b'], ['+a']]);
});

test('a hub ends within a second, with calls under way and members that are not there', async () => {
  const [a, b] = await startLinked('a', 'b');
  b!.hub.onCall('never', () => new Promise(() => undefined));
  a!.hub.setMembers([b!.member, { name: 'z', token: 1n, endpoint: { host: '127.0.0.1', port: 1 } }]);
  const call = reasonOf(ask(a!, 'b', 'never'));
  const sinceMs = performance.now();
  await a!.hub[Symbol.asyncDispose]();
  expect(await call).toBe('down');
  expect(performance.now() - sinceMs).toBeLessThan(1000);
  await expect.poll(() => b!.hub.up).toEqual([]);
});

test('answers are frames of the call that they belong to', async () => {
  const b = await start('b');
  b.hub.setMembers([{ ...b.member, name: 'a' }]);
  const socket = await dial(b.member.endpoint, await certificatesOf('a'));
  const reader = new FrameReader();
  const found: string[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const { kind, channel, body } of reader.read(chunk)) if (kind === FRAME.answer) found.push(`${channel} ${text(body)}`);
  });
  socket.write(Buffer.concat([greeting('a'), frame(FRAME.call, 4_294_967_295, writeRequest('echo', Buffer.from('?')))]));
  await expect.poll(() => found).toEqual(['4294967295 a?']);
});

test('a channel carries messages both ways, also long ones, and ends with the link', async () => {
  const [a, b] = await startLinked('a', 'b');
  const ended: string[] = [];
  const echoes: number[] = [];
  b!.hub.onChannel((channel, hello) => {
    channel.send(hello);
    return { message: (body) => channel.send(body), room: () => undefined, closed: (by) => void ended.push(`b ${by}`) };
  });
  const channel = a!.hub.openChannel('b', Buffer.from('hello'), (opened) => ({
    message(body) {
      echoes.push(body.length);
      opened.consumed(body.length);
    },
    room: () => undefined,
    closed: (by) => void ended.push(`a ${by}`),
  }));
  channel!.send(new Uint8Array(1_000_000));
  channel!.send(new Uint8Array(7));
  // The first long message has taken the room, which the other end does not give back: it counts nothing as consumed.
  await expect.poll(() => echoes).toEqual([5, 1_000_000]);
  expect(channel!.unsentBytes).toBeGreaterThan(1_000_000);
  await b!.hub[Symbol.asyncDispose]();
  await expect.poll(() => ended.toSorted()).toEqual(['a link', 'b link']);
  expect(a!.hub.openChannel('b', new Uint8Array(), () => ({ message: () => undefined, room: () => undefined, closed: () => undefined }))).toBeUndefined();
});
