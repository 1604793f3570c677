import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createFakeClock, type FakeClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTimedServer } from '../src/http/timed-server.ts';

const HEAD = (path: string, type: string): string => `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 1000000000\r\n\r\n`;
const UPLOAD = HEAD('/bot1:token/sendDocument', 'multipart/form-data; boundary=B');
const MINUTE_MS = 60_000;

describe('a request that is long on its way', () => {
  let clock: FakeClock;
  let server: Server;
  /** Bytes of bodies that the server has read, and whether it reads them. */
  let read: number;
  let reads: boolean;
  let client: Socket;
  let answer: string;
  let closed: Promise<unknown>;
  beforeEach(async () => {
    clock = createFakeClock();
    [read, reads, answer] = [0, true, ''];
    server = createTimedServer(clock, (request) => {
      if (reads) request.on('data', ({ length }: Buffer) => (read += length));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('data', (text) => (answer += text.toString())).on('error', () => undefined);
    closed = once(client, 'close');
  });
  const stop = async (): Promise<void> => {
    const stopped = once(server.close(), 'close');
    server.closeAllConnections();
    await stopped;
  };
  afterEach(async () => {
    client.destroy();
    if (server.listening) await stop();
  });

  /** Begins a request. */
  const begin = async (head: string): Promise<void> => {
    const begun = once(server, 'request');
    client.write(head);
    await begun;
  };
  /** Sends so many KiB, and waits until the server has them. */
  const send = async (kib: number): Promise<void> => {
    const wanted = read + kib * 1024;
    client.write(Buffer.alloc(kib * 1024));
    while (read < wanted) await new Promise<void>((resolve) => setImmediate(resolve));
  };

  test('is not ended if it is an upload of which enough bytes come in every minute', async () => {
    await begin(UPLOAD);
    for (let minute = 0; minute < 30; minute++) {
      await send(60);
      await clock.advance(MINUTE_MS);
    }
    await send(60);
    expect(answer).toBe('');
  });

  test('is ended if it is an upload that comes byte by byte, or not at all', async () => {
    await begin(UPLOAD);
    await send(1000);
    await clock.advance(MINUTE_MS);
    await send(1);
    await clock.advance(MINUTE_MS - 1);
    expect(answer).toBe('');
    await clock.advance(1);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('goes on while the server itself does not read', async () => {
    reads = false;
    await begin(UPLOAD);
    await clock.advance(10 * MINUTE_MS);
    expect(answer).toBe('');
  });

  test.each([
    ['another type', HEAD('/bot1:token/sendMessage', 'application/json')],
    ['another path', HEAD('/apiw1', 'multipart/form-data; boundary=B')],
  ])('is ended after five minutes if it has %s', async (_, head) => {
    await begin(head);
    for (let minute = 0; minute < 4; minute++) {
      await send(100);
      await clock.advance(MINUTE_MS);
    }
    await clock.advance(MINUTE_MS - 1);
    expect(answer).toBe('');
    await clock.advance(1);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('has a minute for its head', () => {
    // Real time counts here, so only the limits themselves are looked at.
    expect([server.headersTimeout, server.requestTimeout]).toEqual([60_000, 0]);
  });

  test('may come a minute after the last one on the same connection: longer than proxies keep unused connections', async () => {
    server.on('request', (_, response) => response.end());
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(client, 'data');
    // Real time counts here, too.
    expect(answer).toMatch(/^Keep-Alive: timeout=75\r$/m);
  });

  test('is not looked at any more when the server has stopped', async () => {
    expect(clock.pendingTimers()).toBe(0);
    await begin(UPLOAD);
    expect(clock.pendingTimers()).toBe(1);
    await stop();
    expect(clock.pendingTimers()).toBe(0);
  });
});
