import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createFakeClock, dropRest, type FakeClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const KIB = 1024;
const BODY_BYTES = 4096 * KIB;
const WINDOW_MS = 10_000;

describe('the rest of a body that nobody wants', () => {
  let clock: FakeClock;
  let server: Server;
  let client: Socket;
  let request: IncomingMessage;
  /** Bytes of the body that have come. */
  let came: number;
  beforeEach(async () => {
    clock = createFakeClock();
    came = 0;
    server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const begun = once(server, 'request') as Promise<[IncomingMessage]>;
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
    [request] = await begun;
  });
  afterEach(async () => {
    client.destroy();
    const stopped = once(server.close(), 'close');
    server.closeAllConnections();
    await stopped;
  });

  /** Begins to drop the rest. */
  const drop = (bytesMax = BODY_BYTES): Promise<boolean> => {
    const dropped = dropRest(request, clock, bytesMax);
    request.on('data', ({ length }: Buffer) => (came += length));
    return dropped;
  };
  /** Sends some of the body, and waits until the server has it. */
  const send = async (bytes: number): Promise<void> => {
    const wanted = came + bytes;
    client.write(Buffer.alloc(bytes));
    while (came < wanted) await new Promise<void>((resolve) => setImmediate(resolve));
  };

  test('is read to its end, however long that takes, while it goes on', async () => {
    const dropped = drop();
    for (let sent = 0; sent < BODY_BYTES - 256 * KIB; sent += 256 * KIB) {
      await send(256 * KIB);
      await clock.advance(WINDOW_MS);
    }
    await send(256 * KIB);
    expect(await dropped).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  test('is not waited for if it hardly comes', async () => {
    const dropped = drop();
    await send(256 * KIB);
    await clock.advance(WINDOW_MS);
    await send(256 * KIB - 1);
    await clock.advance(WINDOW_MS);
    expect(await dropped).toBe(false);
    expect(clock.pendingTimers()).toBe(0);
  });

  test('is not read if it is longer than wanted', async () => {
    expect(await drop(BODY_BYTES - 1)).toBe(false);
  });
});
