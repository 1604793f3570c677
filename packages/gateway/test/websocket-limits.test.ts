import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type GatewayStage, openStage } from './gateway-stage.ts';

const UPGRADE =
  'GET /apiws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** A port whose connections the gateway takes over as WebSockets accepted by another process. */
async function portOfHandedOn(stage: GatewayStage): Promise<number> {
  const server = createServer((socket) => stage.gateway.takeWebSocket(socket, new Uint8Array(0)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const ways: [string, (stage: GatewayStage) => Promise<Socket>][] = [
  ['that the gateway accepts', async (stage) => {
    const socket = await openSocket(stage.port);
    const answered = once(socket, 'data');
    socket.write(UPGRADE);
    await answered;
    return socket;
  }],
  ['that another process hands on', async (stage) => openSocket(await portOfHandedOn(stage))],
];

/** A masked frame. */
function frame(first: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

const BINARY = 0x02;
const CONTINUATION = 0x00;
const PING = 0x89;

describe.each(ways)('a WebSocket %s', (_, open) => {
  test('is closed when a message has too many fragments', async () => {
    const stage = await openStage();
    const socket = await open(stage);
    socket.resume();
    const closed = once(socket, 'close');
    const fragment = frame(CONTINUATION, Uint8Array.of(1));
    socket.write(Buffer.concat([frame(BINARY, Uint8Array.of(0xef)), ...Array.from({ length: 5_000 }, () => fragment)]));
    await closed;
    await expect.poll(() => stage.metric('aerogram_connections_closed_total{reason="network"}')).toBe(1);
  });

  test('is closed when its client sends pings and does not read the pongs', async () => {
    const stage = await openStage();
    const socket = await open(stage);
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 4_000 }, () => frame(PING, Buffer.alloc(125))));
    // More than the operating system buffers for a client that does not read.
    for (let n = 0; n < 40 && !socket.destroyed; n++) await new Promise((resolve) => socket.write(pings, resolve));
    expect(socket.destroyed).toBe(true);
  });
});
