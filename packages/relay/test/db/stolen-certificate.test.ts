import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sessionOptions } from '../../src/sessions/tls.ts';
import { writeBatch, writeHint, writePlace } from '../../src/wire/bodies.ts';
import { MESSAGE, writeMessage } from '../../src/wire/messages.ts';
import { createEnd, type End, identities } from './two-ends.ts';

// Somebody has the certificate of home 2, and speaks to home 1 as they like.
let one: End;
let thief: ClientHttp2Session;
beforeEach(async () => {
  const [first, second] = identities(1, 2);
  one = await createEnd(first!, [1, 2]);
  await one.start();
  thief = connect(`https://127.0.0.1:${one.links.address!.port}`, { ...sessionOptions(second!), checkServerIdentity: () => undefined });
  thief.on('error', () => undefined);
});
afterEach(async () => {
  thief.destroy();
  await one[Symbol.asyncDispose]();
});

function open(path: string): { stream: ClientHttp2Stream; closed: Promise<void> } {
  const stream = thief.request({ ':method': 'POST', ':path': path });
  stream.on('error', () => undefined).resume();
  return { stream, closed: new Promise((resolve) => void stream.once('close', resolve)) };
}

const batch = (seq: bigint, ...texts: string[]): Buffer => writeMessage(MESSAGE.frames, ...writeBatch({ epoch: 5n, seq, frames: texts.map((text) => Buffer.from(text)) }));

/** Asks a question. @returns the status; 0 if the stream ended without one */
function ask(name: string, body?: Uint8Array): Promise<number> {
  const { stream } = open(`/ask/${name}`);
  if (body !== undefined) stream.end(body);
  return new Promise((resolve) => {
    stream.once('response', (headers) => resolve(headers[':status']!));
    stream.once('close', () => resolve(0));
  });
}

test('what breaks the rules of a stream ends that stream, and the next one goes on', async () => {
  const count = Buffer.concat([Buffer.alloc(16, 1), Buffer.of(0xff, 0xff, 0xff, 0xff)]);
  const broken = [
    Buffer.alloc(5), Buffer.alloc(64, 0xff), writeMessage(99), writeMessage(MESSAGE.hello), writeMessage(MESSAGE.frames), writeMessage(MESSAGE.frames, count), writeMessage(MESSAGE.skip, Buffer.alloc(15)),
    writeMessage(MESSAGE.returned, Buffer.alloc(20)), batch(1n), batch(0n, 'x'), batch(7n, 'too early'), batch(2n ** 53n + 1n, 'beyond all'), writeMessage(MESSAGE.skip, writePlace({ epoch: 5n, seq: 2n ** 62n })), writeMessage(MESSAGE.frames, Buffer.alloc(24, 0xff)),
  ];
  for (const bytes of broken) {
    const { stream, closed } = open('/frames');
    stream.write(bytes);
    await closed;
  }
  expect(one.frames.applied).toEqual([]);
  open('/frames').stream.write(batch(1n, 'right'));
  await expect.poll(() => one.frames.applied).toEqual(['right']);
});

test('messages without a body do not pile up while others are applied', async () => {
  let go!: () => void;
  const waiting = new Promise<void>((resolve) => void (go = resolve));
  const { stream, closed } = open('/frames');
  await new Promise<void>((resolve) => {
    one.frames.before = () => {
      resolve();
      return waiting;
    };
    stream.write(batch(1n, 'slow'));
  });
  const empty = writeMessage(MESSAGE.skip);
  for (let sent = 0; sent < 14; sent++) stream.write(Buffer.concat(Array.from({ length: 10_000 }, () => empty)));
  await closed;
  go();
  await expect.poll(() => one.frames.applied).toEqual(['slow']);
});

test('questions that are never finished, or whose answers are never read, have a place for some time only', async () => {
  one.links.onAsk('echo', async (body) => body);
  const unfinished = Array.from({ length: 300 }, () => ask('echo'));
  const statuses = await Promise.all(unfinished);
  expect(statuses.filter((status) => status === 503).length).toBe(300 - 256);
  expect(statuses.filter((status) => status === 0).length).toBe(256);
  expect(await ask('echo', Buffer.of(1))).toBe(200);
  expect(await ask('echo', Buffer.alloc(2 * 1024 * 1024))).not.toBe(200);
  expect(await ask('unknown', Buffer.of(1))).toBe(404);
});

test('of hints so many are taken in a while', async () => {
  let heard = 0;
  one.links.onHint('typing', () => void heard++);
  const hint = writeMessage(MESSAGE.hint, ...writeHint('typing', Buffer.from('a')));
  open('/hints').stream.write(Buffer.concat(Array.from({ length: 20_000 }, () => hint)));
  await expect.poll(() => heard).toBeGreaterThanOrEqual(2000);
  expect(await ask('none', Buffer.of(1))).toBe(404);
  expect(heard).toBeLessThan(10_000);
});

test('of streams of hints a connection has one', async () => {
  const heard: string[] = [];
  one.links.onHint('typing', (body, from) => void heard.push(`${from}: ${Buffer.from(body).toString()}`));
  const former = open('/hints');
  former.stream.write(writeMessage(MESSAGE.hint, ...writeHint('typing', Buffer.from('a'))));
  await expect.poll(() => heard).toEqual(['2: a']);
  const next = open('/hints');
  await former.closed;
  next.stream.write(writeMessage(MESSAGE.hint, ...writeHint('typing', Buffer.from('b'))));
  await expect.poll(() => heard).toEqual(['2: a', '2: b']);
  next.stream.write(writeMessage(MESSAGE.hint, ...writeHint('typing', Buffer.alloc(100_000))));
  await next.closed;
  expect(heard).toEqual(['2: a', '2: b']);
});
