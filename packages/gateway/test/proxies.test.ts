import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { createFakeClock, type Logger, silentLogger, TrustedProxies } from '@aerogram/runtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AddressLimits } from '../src/sockets/address-limits.ts';
import { SocketAdmission } from '../src/sockets/socket-admission.ts';
import { call, GATEWAY_CONFIG, type GatewayStage, openStage } from './gateway-stage.ts';
import { startHttpProxy } from './http-proxy.ts';
import { proxyHeaderV1, proxyHeaderV2 } from './proxy-headers.ts';
import { startTcpProxy, type TcpProxyOptions } from './tcp-proxy.ts';

/** Clients in tests connect from 127.0.0.1, trusted proxies from here. */
const PROXY = '127.0.0.2';
const CLIENT = { address: '198.51.100.7', port: 56_324 };
const FRONT = { address: '192.0.2.1', port: 443 };
const PLACE = { remoteAddress: CLIENT.address, localAddress: FRONT.address, localPort: FRONT.port };

const ends = { source: CLIENT, destination: FRONT };

/** A logger that keeps its warnings. */
function keepWarnings(): { log: Logger; warnings: unknown[] } {
  const warnings: unknown[] = [];
  const log = Object.create(silentLogger, { warn: { value: (fields: unknown) => void warnings.push(fields) } }) as Logger;
  return { log, warnings };
}

function openProxied(change: Parameters<typeof openStage>[0] = {}): Promise<GatewayStage> {
  return openStage({ config: { ...GATEWAY_CONFIG, maxConnectionsPerAddress: 2, trustedProxies: [{ address: PROXY, prefix: 32 }] }, ...change });
}

/** The port of a proxy that sends these pieces first. */
async function proxyTo(stage: GatewayStage, ...pieces: Uint8Array[]): Promise<number> {
  const options: TcpProxyOptions = { findTarget: () => ({ host: '127.0.0.1', port: stage.port }), localAddress: PROXY, greet: () => pieces };
  const proxy = await startTcpProxy(options);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy.port;
}

/** Where the client of the last call was. */
function placeOf({ dispatcher }: GatewayStage): unknown {
  const { remoteAddress, localAddress, localPort } = dispatcher.calls.at(-1)!.session;
  return { remoteAddress, localAddress, localPort };
}

/** Sends bytes over a connection of its own, and waits until the server closes it. */
async function sendAndWait({ port }: GatewayStage, bytes: Uint8Array, localAddress: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => {}).resume();
  socket.write(bytes);
  await once(socket, 'close');
}

describe('a connection of a trusted proxy to the MTProto port', () => {
  test.each(['tcp', 'websocket', 'http'] as const)('is of the client that its PROXY header names, over %s', async (transport) => {
    const stage = await openProxied();
    for (const header of [proxyHeaderV1(CLIENT, FRONT), proxyHeaderV2({ ...ends, extension: 30 })]) {
      const client = await stage.connect({ port: await proxyTo(stage, header), transport });
      expect(await client.call(call(1))).toEqual(call(1));
      expect(placeOf(stage)).toEqual(PLACE);
      await client[Symbol.asyncDispose]();
    }
    const direct = await stage.connect({ transport });
    await direct.call(call(2));
    expect(placeOf(stage)).toEqual({ remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: stage.port });
  });

  test('may bring its header in pieces, and is its own if the header names nobody', async () => {
    const stage = await openProxied();
    const header = proxyHeaderV2(ends);
    const inPieces = await stage.connect({ port: await proxyTo(stage, ...Array.from(header, (byte) => Uint8Array.of(byte))) });
    await inPieces.call(call(1));
    expect(placeOf(stage)).toEqual(PLACE);
    for (const unnamed of [proxyHeaderV2({ command: 0x20, kind: 0 }), Buffer.from('PROXY UNKNOWN\r\n')]) {
      const client = await stage.connect({ port: await proxyTo(stage, unnamed) });
      await client.call(call(2));
      expect(placeOf(stage)).toEqual({ remoteAddress: PROXY, localAddress: '127.0.0.1', localPort: stage.port });
    }
  });

  test('is closed without a header, and others with one; the log says so once a minute', async () => {
    const { log, warnings } = keepWarnings();
    const stage = await openProxied({ log });
    await sendAndWait(stage, Buffer.from([0xef, 1, 2, 3]), PROXY);
    await sendAndWait(stage, Buffer.from('POST /api HTTP/1.1\r\n\r\n'), PROXY);
    expect(warnings).toEqual([{ proxy: PROXY, why: 'the connection does not begin with a PROXY header' }]);
    await stage.clock.advance(60_000);
    await sendAndWait(stage, proxyHeaderV2({ ...ends, command: 0x2f }), PROXY);
    expect(warnings).toHaveLength(2);
    // From a peer that is no trusted proxy a header is taken for the beginning of an obfuscated stream, which has at least 64 bytes.
    for (const header of [proxyHeaderV2(ends), proxyHeaderV1(CLIENT, FRONT)]) await sendAndWait(stage, Buffer.concat([header, Buffer.alloc(100, 1)]), '127.0.0.1');
    expect(warnings).toHaveLength(2);
    expect(stage.dispatcher.calls).toEqual([]);
  });

  test('that only connects, as health checks do, leaves no trace; one whose header does not come is closed', async () => {
    const { log, warnings } = keepWarnings();
    const stage = await openProxied({ log });
    for (const bytes of [undefined, proxyHeaderV2({ command: 0x20, kind: 0 })]) {
      const socket = connect({ host: '127.0.0.1', port: stage.port, localAddress: PROXY });
      await once(socket, 'connect');
      if (bytes) socket.write(bytes);
      socket.resetAndDestroy();
    }
    const silent = connect({ host: '127.0.0.1', port: stage.port, localAddress: PROXY });
    const closed = once(silent.on('error', () => {}).resume(), 'close');
    // The timer begins when the server has accepted the connection.
    while (!silent.closed) await stage.clock.advance(1_000);
    await closed;
    const slow = connect({ host: '127.0.0.1', port: stage.port, localAddress: PROXY });
    slow.on('error', () => {}).resume().write('PROXY TCP4');
    while (!slow.closed) await stage.clock.advance(1_000);
    expect(warnings).toEqual([{ proxy: PROXY, why: 'the PROXY header did not arrive in time' }]);
  });

  test('counts for the client', async () => {
    const stage = await openProxied();
    const port = await proxyTo(stage, proxyHeaderV2(ends));
    const clients = [await stage.connect({ port }), await stage.connect({ port })];
    for (const client of clients) await client.call(call(1));
    const third = await stage.connect({ port });
    await third.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="address-limit"}')).toBe(1);
    const neighbour = await stage.connect({ port: await proxyTo(stage, proxyHeaderV1({ ...CLIENT, address: '198.51.100.8' }, FRONT)) });
    await neighbour.call(call(2));
    await clients[0]![Symbol.asyncDispose]();
    await expect.poll(async () => {
      const again = await stage.connect({ port });
      return Promise.race([again.call(call(3)).then(() => 'answered'), again.closed.then(() => 'closed')]);
    }).toBe('answered');
  });
});

describe('another HTTP server', () => {
  /** A port on which a proxy at an address adds headers to the requests for a server. */
  async function listen(stage: GatewayStage, localAddress: string, forwardedFor: string): Promise<number> {
    const server = createServer((request, response) => {
      if (!stage.gateway.handleHttp(request, response)) response.writeHead(404).end();
    });
    stage.gateway.attachWebSocket(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const proxy = await startHttpProxy({ target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, localAddress, headers: { 'x-forwarded-for': forwardedFor } });
    onTestFinished(async () => {
      await proxy[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    });
    return proxy.port;
  }

  test.each(['websocket', 'http'] as const)('reads X-Forwarded-For of trusted proxies only, over %s', async (transport) => {
    const stage = await openProxied();
    const seen: string[] = [];
    for (const [proxy, forwardedFor] of [[PROXY, `203.0.113.1, ${CLIENT.address}, ${PROXY}`], [PROXY, 'unknown'], ['127.0.0.3', CLIENT.address]] as const) {
      const client = await stage.connect({ port: await listen(stage, proxy, forwardedFor), transport });
      await client.call(call(1));
      seen.push(stage.dispatcher.calls.at(-1)!.session.remoteAddress);
    }
    expect(seen).toEqual([CLIENT.address, PROXY, '127.0.0.3']);
  });

  test('counts WebSockets of trusted proxies for their clients', async () => {
    const stage = await openProxied();
    const port = await listen(stage, PROXY, CLIENT.address);
    for (let n = 0; n < 2; n++) await stage.connect({ port, transport: 'websocket' });
    await expect(stage.connect({ port, transport: 'websocket' })).rejects.toThrow('429');
    await stage.connect({ port: await listen(stage, PROXY, '198.51.100.8'), transport: 'websocket' });
  });
});

test("a proxy's own connections are not limited by address, only those of clients are", () => {
  const clock = createFakeClock();
  const trusted = new TrustedProxies([{ address: '192.0.2.0', prefix: 24 }]);
  const addresses = new AddressLimits({ maxConnections: 7, maxConnectionsPerAddress: 2, maxHandshakesPerAddress: 3 });
  const refused: string[] = [];
  const admission = new SocketAdmission({ addresses, trusted, clock, log: silentLogger, onRefused: (reason) => refused.push(reason) });
  const from = (address: string): Socket => Object.defineProperty(new Socket(), 'remoteAddress', { value: address });
  const sockets = Array.from({ length: 4 }, () => from('::ffff:192.0.2.7'));
  expect(sockets.map((socket) => admission.enter(socket))).toEqual([true, true, true, true]);
  const client = { remoteAddress: '198.51.100.7', localAddress: '192.0.2.1', localPort: 1 };
  expect(sockets.slice(0, 3).map((socket) => admission.name(socket, client))).toEqual([true, true, false]);
  // A health check, and a connection that another proxy made.
  for (const remoteAddress of ['192.0.2.7', '192.0.2.8']) expect(admission.name(sockets[3]!, { ...client, remoteAddress })).toBe(true);
  expect(sockets.map((socket) => admission.countedFor(socket))).toEqual([client.remoteAddress, client.remoteAddress, undefined, undefined]);
  expect([from('198.51.100.7'), from('198.51.100.8'), from('198.51.100.8'), from('198.51.100.8')].map((socket) => admission.enter(socket))).toEqual([false, true, true, false]);
  expect([admission.enter(from('192.0.2.9')), admission.enter(from('192.0.2.9'))]).toEqual([true, false]);
  expect(refused).toEqual(['address-limit', 'address-limit', 'address-limit', 'full']);
  sockets[0]!.emit('close');
  expect([admission.enter(from('198.51.100.7')), admission.enter(from('192.0.2.9'))]).toEqual([true, false]);
});
