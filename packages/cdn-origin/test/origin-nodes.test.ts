import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readNodeDirectory, type RunningCdn, startCdn } from '@aerogram/cdn';
import { deriveNodeKeys, MAC_HEADER, MESSAGE_HEADER, readMessage, signAnswer, WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { createFakeClock, createMetrics, listenOn, silentLogger, systemRandom } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CdnRevocations, type KnownNode, LeaseLoop, OriginNodes } from '../src/index.ts';
import { knownNode } from './known-node.ts';

/** No file has to be forgotten. */
const NO_REVOCATIONS: CdnRevocations = {
  doMarkToForget: () => Promise.resolve(),
  listToForget: () => Promise.resolve([]),
  doNoteForgotten: () => Promise.resolve(),
};

let clock = createFakeClock();
let origin: OriginNodes;
let dataDir: string;
let running: RunningCdn | undefined;
let fake: Server | undefined;
beforeEach(async () => {
  clock = createFakeClock();
  origin = new OriginNodes({ clock, random: systemRandom, log: silentLogger, metrics: createMetrics() });
  dataDir = await mkdtemp(join(tmpdir(), 'aerogram-origin-'));
});
afterEach(async () => {
  origin[Symbol.dispose]();
  await running?.stop();
  fake?.close();
  fake?.closeAllConnections();
  running = fake = undefined;
  await rm(dataDir, { recursive: true });
});

/** Starts a node in this process, on the ports that it had before. */
async function startNode(before?: RunningCdn): Promise<KnownNode> {
  const free = { host: '127.0.0.1', port: 0 };
  running = await startCdn({ dataDir, client: before?.info.client ?? free, push: before?.info.push ?? free, memory: 96_000_000, clock, random: systemRandom, log: silentLogger });
  const { file, secret } = await readNodeDirectory(dataDir);
  return knownNode({ id: file.id, client: file.client, push: file.push, publicKey: file.public_key, keys: deriveNodeKeys(secret) });
}

const isServing = async ({ push }: KnownNode): Promise<boolean> =>
  ((await (await fetch(`http://${push.host}:${push.port}/health`)).json()) as { hears_origin: boolean }).hears_origin;

/** A private port that answers as a test wants it. */
async function fakeNode(listener: RequestListener): Promise<KnownNode> {
  fake = createServer(listener);
  const push = await listenOn(fake, { host: '127.0.0.1', port: 0 }, '--push-port');
  return knownNode({ push });
}

const know = (node: KnownNode): void => origin.replace([{ node, heard_date: clock.now() }]);
const push = (node: KnownNode): ReturnType<OriginNodes['pushWindow']> =>
  origin.pushWindow(node, { fileId: randomBytes(16), window: 0, size: WINDOW_BYTES }, randomBytes(WINDOW_BYTES));
/** Those of `knownNode`. */
const KEYS = deriveNodeKeys(new Uint8Array(32));
const BOOT = JSON.stringify({ boot: '0'.repeat(32), ticket: '0'.repeat(48) });

test('windows reach a node, also after it was started again', async () => {
  const node = await startNode();
  know(node);
  expect(await push(node)).toBe('ok');
  const before = running!;
  await before.stop();
  await startNode(before);
  expect(await push(node)).toBe('ok');
  expect(await origin.client.tellAlive(node)).toBe(200);
});

test('a file that the node has to forget is not taken', async () => {
  const node = await startNode();
  know(node);
  const fileId = randomBytes(16);
  expect(await origin.client.tellToForget(node, [fileId])).toBe(200);
  expect(await origin.pushWindow(node, { fileId, window: 0, size: 10 }, randomBytes(10))).toBe('forgotten');
});

test('a node with another secret takes nothing, and is not chosen for half a minute', async () => {
  const node = { ...(await startNode()), keys: deriveNodeKeys(randomBytes(32)) };
  know(node);
  expect(origin.choose(undefined)).toBe(node);
  expect(await push(node)).toBe('failed');
  await expect(origin.client.tellAlive(node)).rejects.toThrow('secret');
  expect(await isServing(node)).toBe(false);
  expect(origin.choose(undefined)).toBeUndefined();
  await clock.advance(30_000);
  know(node);
  expect(origin.choose(undefined)).toBe(node);
});

test('a node that has not answered for half a minute is not sent windows', async () => {
  let requests = 0;
  const node = await fakeNode((request, response) => {
    requests++;
    request.resume();
    response.writeHead(500).end();
  });
  know(node);
  expect(await push(node)).toBe('failed');
  const before = requests;
  expect(before).toBeGreaterThan(0);
  await clock.advance(31_000);
  expect(await push(node)).toBe('failed');
  expect(requests).toBe(before);
});

test('a node that has not answered for half a minute is not chosen', async () => {
  const [near, far] = [knownNode({ dc: 203, region: 'eu' }), knownNode({ dc: 204, region: 'us' })];
  const heard_date = clock.now();
  origin.replace([{ node: near, heard_date }, { node: far, heard_date }, { node: knownNode({ dc: 205, region: 'eu' }), heard_date: undefined }]);
  expect(origin.choose('eu')?.dc).toBe(203);
  await clock.advance(31_000);
  origin.heard(204, clock.now());
  expect(origin.choose('eu')?.dc).toBe(204);
  expect(origin.list().map(({ dc }) => dc)).toEqual([203, 204, 205]);
});

test('what this process has heard is not replaced by what the database knew before', () => {
  const node = knownNode();
  origin.replace([{ node, heard_date: undefined }]);
  origin.heard(203, clock.now());
  origin.replace([{ node, heard_date: undefined }]);
  expect(origin.choose(undefined)).toBe(node);
  // An operator has changed the node: it has to answer first.
  origin.replace([{ node: { ...node }, heard_date: undefined }]);
  expect(origin.choose(undefined)).toBeUndefined();
});

test('an answer that the node did not authenticate means that nothing arrived', async () => {
  const node = await fakeNode((request, response) => {
    request.resume();
    response.end(request.url === '/health' ? BOOT : '{"outcome":"ok"}');
  });
  know(node);
  expect(await push(node)).toBe('failed');
  await expect(origin.client.tellAlive(node)).rejects.toThrow('not authenticated');
});

test('an answer without an end is not read to the end', async () => {
  const node = await fakeNode((request, response) => {
    request.resume();
    response.on('error', () => {});
    const more = (): void => void (response.destroyed || (response.write('x'.repeat(1000)), setImmediate(more)));
    more();
  });
  await expect(origin.client.tellAlive(node)).rejects.toThrow('too long');
});

test('a node that does not answer is given up', async () => {
  let onRequest = (): void => {};
  const asked = new Promise<void>((resolve) => {
    onRequest = resolve;
  });
  const node = await fakeNode(() => onRequest());
  know(node);
  const outcome = push(node);
  await asked;
  await clock.advance(4_000);
  expect(await outcome).toBe('failed');
  expect(clock.pendingTimers()).toBe(0);
});

test('a node says how much content it has', async () => {
  const node = await startNode();
  expect(await origin.client.findContent(node)).toEqual({ windows: 0, bytes: 0 });
  know(node);
  await push(node);
  expect(await origin.client.findContent(node)).toEqual({ windows: 1, bytes: WINDOW_BYTES });
  expect(await origin.client.findContent({ ...node, id: 'another' })).toBeUndefined();
  await running!.stop();
  expect(await origin.client.findContent(node)).toBeUndefined();
});

test('how much content a node has is not known if it answers with something else, or not in time', async () => {
  let answer: string | undefined;
  let onRequest = (): void => {};
  const node = await fakeNode((_, response) => {
    onRequest();
    if (answer !== undefined) response.end(answer);
  });
  for (const health of [{}, null, { windows: 1, bytes: 1 }, { id: node.id, windows: '1', bytes: 1 }, { id: node.id, windows: 1, bytes: -1 }]) {
    answer = JSON.stringify(health);
    expect(await origin.client.findContent(node)).toBeUndefined();
  }
  answer = undefined;
  const asked = new Promise<void>((resolve) => (onRequest = resolve));
  const content = origin.client.findContent(node);
  await asked;
  await clock.advance(4_000);
  expect(await content).toBeUndefined();
});

test('a node stops serving 45 s after the server was heard for the last time', async () => {
  const node = await startNode();
  know(node);
  const loop = new LeaseLoop({ nodes: origin, client: origin.client, revocations: NO_REVOCATIONS, clock, log: silentLogger, report: () => Promise.resolve() });
  await loop.run();
  expect(await isServing(node)).toBe(true);
  await clock.advance(9_000);
  await loop.run();
  await loop[Symbol.asyncDispose]();
  await clock.advance(44_999);
  expect(await isServing(node)).toBe(true);
  await clock.advance(1);
  expect(await isServing(node)).toBe(false);
});

test('listeners are told when clients have to know of a change, and only then', () => {
  let changes = 0;
  using _listening = origin.onChange(() => void changes++);
  const node = knownNode();
  origin.replace([{ node, heard_date: undefined }]);
  expect(changes).toBe(1);
  origin.replace([{ node: { ...node, region: 'eu', push: { host: '127.0.0.1', port: 2 } }, heard_date: clock.now() }]);
  expect(changes).toBe(1);
  origin.replace([{ node: { ...node, client: { host: '192.0.2.1', port: 443 } }, heard_date: clock.now() }]);
  expect(changes).toBe(2);
  origin.replace([]);
  expect(changes).toBe(3);
  expect(origin.list()).toEqual([]);
});

test('a node that takes many small windows slowly is told at once that the server is there', async () => {
  const waiting: (() => void)[] = [];
  const node = await fakeNode((request, response) => {
    request.resume();
    if (request.url === '/health') return void response.end(BOOT);
    const { content, nonce } = readMessage(KEYS.push, request.headers[MESSAGE_HEADER], request.headers[MAC_HEADER])!;
    const answer = (): void => void response.writeHead(200, { [MAC_HEADER]: signAnswer(KEYS.push, nonce, 200, '') }).end();
    if (content.kind === 'alive') answer();
    else waiting.push(answer);
  });
  know(node);
  expect(await origin.client.tellAlive(node)).toBe(200);
  const pushes = Array.from({ length: 40 }, () => origin.pushWindow(node, { fileId: randomBytes(16), window: 0, size: 100 }, randomBytes(100)));
  await expect.poll(() => waiting.length).toBeGreaterThan(8);
  const told = origin.client.tellAlive(node);
  expect(await Promise.race([told, delay(2000, 'late')])).toBe(200);
  for (let done = 0; done < 40; ) {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    const answers = waiting.splice(0);
    done += answers.length;
    for (const answer of answers) answer();
  }
  expect(new Set(await Promise.all(pushes))).toEqual(new Set(['ok']));
});
