import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { findPort } from '@aerogram/bus/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cut } from '../cut.ts';

let cut: Cut;
let port: number;
let accepted: Socket[];
let server: ReturnType<typeof createServer>;
beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = await findPort();
  cut = await Cut.open(port, (server.address() as AddressInfo).port);
});
afterEach(async () => {
  await cut.close();
  for (const socket of accepted) socket.destroy();
  server.close();
});

async function join(): Promise<[Socket, Socket]> {
  const client = connect(port, '127.0.0.1');
  client.on('error', () => {});
  await expect.poll(() => accepted.length).toBe(1);
  return [client, accepted[0]!];
}

/** All that a socket receives. */
function collect(socket: Socket): () => string {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

test('it carries both ways, and nothing while it is cut; what waited arrives afterwards', async () => {
  const [client, far] = await join();
  const [up, down] = [collect(far), collect(client)];
  client.write('one ');
  far.write('eins ');
  await expect.poll(() => [up(), down()]).toEqual(['one ', 'eins ']);
  cut.cut();
  client.write('two');
  far.write('zwei');
  const late = connect(port, '127.0.0.1');
  await once(late, 'connect');
  // Everything above has reached the proxy by the time that a new connection has been there and back.
  expect([up(), down(), accepted.length]).toEqual(['one ', 'eins ', 1]);
  cut.mend();
  await expect.poll(() => [up(), down()]).toEqual(['one two', 'eins zwei']);
  await expect.poll(() => accepted.length).toBe(2);
  late.destroy();
  client.destroy();
});

test('an end is not known on the other side before it is mended', async () => {
  const [client, far] = await join();
  let isClosed = false;
  client.on('close', () => (isClosed = true)).resume();
  cut.cut();
  far.resetAndDestroy();
  await expect.poll(() => far.destroyed).toBe(true);
  const late = connect(port, '127.0.0.1');
  await once(late, 'connect');
  expect(isClosed).toBe(false);
  cut.mend();
  await expect.poll(() => isClosed).toBe(true);
  late.destroy();
});

test('a target that is away ends the connection', async () => {
  server.close();
  const client = connect(port, '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'close');
});
