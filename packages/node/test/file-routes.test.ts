import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createFakeClock, type FakeClock, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { createFileRoutes } from '../src/http/file-routes.ts';
import { createFileSender } from '../src/http/send-file.ts';

const SIZE = 256 * 1024 * 1024;
const STREAMS_PER_NETWORK = 8;

interface Stage extends AsyncDisposable {
  clock: FakeClock;
  /** Asks for the file from a network, and reads nothing of the answer. */
  request(address: string): Socket;
  /** The status of an answer of which only the head is awaited. */
  statusFor(address: string): Promise<number>;
  /** Answers that have begun and not ended. */
  streams(): number;
  /** How often a part of the file was read from the store. */
  reads(): number;
}

/** A server with one large file. Requests come from this machine, as through a reverse proxy that names the client's address. */
async function startStage(): Promise<Stage> {
  const clock = createFakeClock();
  let [reads, streams] = [0, 0];
  const read = async (offset: number, limit: number): Promise<Uint8Array> => {
    reads++;
    return new Uint8Array(Math.min(limit, SIZE - offset));
  };
  const file = { name: 'a.bin', mimeType: 'application/zip', size: SIZE, date: 1, identity: '00', linkSeconds: 60, read };
  const routes = createFileRoutes({ files: { openLink: () => Promise.resolve(file) }, clock, log: silentLogger }, createFileSender(clock));
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    streams++;
    response.on('close', () => streams--);
    routes('token', request, response, { remoteAddress: '127.0.0.1' } as never);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets: Socket[] = [];
  const request = (address: string): Socket => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket.on('error', () => {}).pause());
    socket.write(`GET /file/token HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address}\r\n\r\n`);
    return socket;
  };
  return {
    clock,
    request,
    async statusFor(address) {
      const socket = request(address);
      const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve).resume());
      socket.pause();
      return Number(head.toString('latin1', 9, 12));
    },
    streams: () => streams,
    reads: () => reads,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a client that reads nothing is cut off after a minute, even if it goes on sending', async () => {
  await using stage = await startStage();
  const socket = stage.request('203.0.113.1');
  await expect.poll(() => stage.reads()).toBeGreaterThan(0);
  socket.write('GET / HTTP/1.1\r\n');
  await expect
    .poll(
      async () => {
        socket.write('X-More: a\r\n');
        await stage.clock.advance(61_000);
        return stage.streams();
      },
      { timeout: 10_000 },
    )
    .toBe(0);
  expect(stage.clock.pendingTimers()).toBe(0);
});

test('a client that reads slowly is not cut off', async () => {
  await using stage = await startStage();
  const socket = stage.request('203.0.113.1');
  for (let round = 0; round < 8; round++) {
    const before = stage.reads();
    socket.resume();
    await expect.poll(() => stage.reads(), { interval: 1 }).toBeGreaterThan(before);
    socket.pause();
    await stage.clock.advance(50_000);
    expect(stage.streams()).toBe(1);
  }
});

test('one network may load a few files at once, and does not keep others from theirs', async () => {
  await using stage = await startStage();
  for (let stream = 0; stream < STREAMS_PER_NETWORK; stream++) expect(await stage.statusFor('203.0.113.1')).toBe(200);
  expect(await stage.statusFor('203.0.113.1')).toBe(429);
  expect(await stage.statusFor('198.51.100.7')).toBe(200);
  await stage.clock.advance(61_000);
  await expect.poll(() => stage.statusFor('203.0.113.1')).toBe(200);
});
