import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { TcpPipe } from '../src/sockets/tcp-pipe.ts';

/** Both ends of a TCP connection. */
async function connection(): Promise<{ accepted: Socket; client: Socket } & Disposable> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  return {
    accepted,
    client,
    [Symbol.dispose]() {
      client.destroy();
      accepted.destroy();
      server.close();
    },
  };
}

test('passes on all bytes in order, however often reading is paused', async () => {
  using ends = await connection();
  const random = seededRandom('tcp-pipe');
  const sent = Array.from({ length: 60 }, () => random.bytes(1 + (random.uint31() % 100_000)));
  const pipe = new TcpPipe(ends.accepted);
  // Like bytes that another process has already read from the stream.
  ends.accepted.unshift(Buffer.from('first '));
  const received: Uint8Array[] = [];
  let rests = 0;
  const closed = new Promise<string>((resolve) => {
    pipe.open({
      onData(chunk) {
        received.push(Buffer.from(chunk));
        if (received.length % 3 !== 0) return;
        pipe.pause();
        rests += 1;
        // Pauses of different length, so that some end while the stream's own buffer holds data and some do not.
        let turns = rests % 8;
        const rest = (): void => {
          if (turns-- > 0) setImmediate(rest);
          else pipe.resume();
        };
        rest();
      },
      onDrain() {},
      onClosed: resolve,
    });
  });
  for (const bytes of sent) ends.client.write(bytes);
  ends.client.end();
  expect(await closed).toBe('client');
  expect(rests).toBeGreaterThan(5);
  expect(Buffer.concat(received).equals(Buffer.concat([Buffer.from('first '), ...sent]))).toBe(true);
});

test('a socket that is handed over can be read like any other', async () => {
  using ends = await connection();
  const pipe = new TcpPipe(ends.accepted);
  const handed = new Promise<Socket>((resolve) => {
    pipe.open({ onData: (chunk) => resolve(pipe.handOver(chunk)), onDrain() {}, onClosed() {} });
  });
  ends.client.write('GET ');
  const socket = await handed;
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  ends.client.end('/');
  await once(socket, 'end');
  expect(Buffer.concat(chunks).toString()).toBe('GET /');
});
