import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createClientStream, type RawClient, writePlainMessage } from '@aerogram/mtproto/client';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, onTestFinished, test } from 'vitest';
import { call, GATEWAY_CONFIG, type GatewayStage, openStage, openUser } from './gateway-stage.ts';

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()).resume();
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends a byte every 10 s until the server closes the connection. @returns after how many seconds it did */
async function trickle(stage: GatewayStage, socket: Socket, bytes: Uint8Array): Promise<number> {
  let isClosed = false;
  socket.once('close', () => {
    isClosed = true;
  });
  let seconds = 0;
  for (; seconds < 400 && !isClosed; seconds += 10) {
    const at = seconds / 10;
    if (socket.writable) socket.write(bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
    // The byte has to arrive before the clock advances.
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    await stage.clock.advance(10_000);
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
  return seconds;
}

describe('a client that sends byte by byte is closed, on every transport', () => {
  const framings = ['abridged', 'intermediate', 'padded', 'full'] as const;
  const streams = [...framings.map((framing) => ({ framing, obfuscated: false })), ...framings.slice(0, 3).map((framing) => ({ framing, obfuscated: true }))];

  test.each(streams)('$framing, obfuscated: $obfuscated', async ({ framing, obfuscated }) => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const { packet } = client.session.encrypt([{ body: call(1, 4_000) }]);
    const before = await openSocket(stage.port);
    const fresh = createClientStream({ framing, obfuscated, random: stage.random });
    expect(await trickle(stage, before, Buffer.concat([fresh.header, fresh.packet(packet)]))).toBeLessThanOrEqual(40);

    // A client that has used its key has more time for a packet, but not unlimited time.
    const after = await openSocket(stage.port);
    const stream = createClientStream({ framing, obfuscated, random: stage.random });
    after.write(Buffer.concat([stream.header, stream.packet(client.session.encrypt([{ body: call(2) }]).packet)]));
    await stage.dispatcher.heard(2);
    expect(await trickle(stage, after, stream.packet(packet))).toBeLessThanOrEqual(150);
    expect(await stage.metric('aerogram_connections_closed_total{reason="too-slow"}')).toBe(2);
  });

  test.each([
    ['the head of an HTTP request', 'POST /api HTTP/1.1\r\nX: ', 'a'],
    ['the body of an HTTP request', 'POST /api HTTP/1.1\r\nContent-Length: 100000\r\n\r\n', 'a'],
    ['a frame of a WebSocket', 'GET /apiws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n', '\x82\xfe\xff\xff'],
  ])('%s', async (_, head, rest) => {
    const stage = await openStage();
    const socket = await openSocket(stage.port);
    socket.write(Buffer.from(head, 'latin1'));
    expect(await trickle(stage, socket, Buffer.from(rest, 'latin1'))).toBeLessThanOrEqual(150);
  });

  test('a key exchange that is started and abandoned', async () => {
    const stage = await openStage();
    const socket = await openSocket(stage.port);
    const stream = createClientStream({ framing: 'abridged', obfuscated: false, random: stage.random });
    const closed = once(socket, 'close');
    const answered = once(socket, 'data');
    socket.write(Buffer.concat([stream.header, stream.packet(writePlainMessage(4n, mtEncode({ _: 'req_pq_multi', nonce: stage.random.bytes(16) })))]));
    await answered;
    await stage.clock.advance(60_000);
    expect(socket.closed).toBe(false);
    await stage.clock.advance(61_000);
    await closed;
  });
});

describe('invalid messages', () => {
  test('an unencrypted call is not run, even after a key was used on the connection', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const calls = stage.dispatcher.calls.length;
    client.sendPacket(writePlainMessage(4n, call(7)));
    await client.closed;
    expect(stage.dispatcher.calls).toHaveLength(calls);
  });

  test('a packet of one key with the id of another cannot be decrypted', async () => {
    const stage = await openStage();
    const { client: victim } = await openUser(stage);
    const attacker = await stage.connect();
    await attacker.call(call(0));
    const { packet } = attacker.session.encrypt([{ body: call(7) }]);
    packet.set(victim.session.key.idBytes, 0);
    const calls = stage.dispatcher.calls.length;
    attacker.sendPacket(packet);
    await attacker.closed;
    expect(stage.dispatcher.calls).toHaveLength(calls);
  });

  test('a packet recorded from another session of the same key runs only in that session', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const { packet } = client.session.encrypt([{ body: call(7) }]);
    client.sendPacket(packet);
    await stage.dispatcher.heard(2);
    // The session_id is inside the encryption. Over any connection the packet belongs to the same session, which knows it already.
    const other = await stage.connect();
    await other.call(call(0));
    other.sendPacket(packet);
    await other.call(call(8));
    expect(stage.dispatcher.calls).toHaveLength(4);
  });
});

/** Sends the same bytes until all of them were received. */
async function storm(client: RawClient, packets: number, make: () => Uint8Array): Promise<void> {
  for (let i = 0; i < packets; i++) {
    client.sendPacket(make());
    if (i % 32 === 31) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('floods', () => {
  const ids = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i) * 4n + 1n);

  test.each<[string, () => Uint8Array]>([
    ['acknowledgements of what was never sent', () => mtEncode({ _: 'msgs_ack', msg_ids: ids(500) })],
    ['questions for states', () => mtEncode({ _: 'msgs_state_req', msg_ids: ids(500) })],
    ['wishes for resends', () => mtEncode({ _: 'msg_resend_req', msg_ids: ids(500) })],
    ['states of messages', () => mtEncode({ _: 'msgs_all_info', msg_ids: ids(500), info: new Uint8Array(500).fill(1) })],
    ['questions for salts', () => mtEncode({ _: 'get_future_salts', num: 64 })],
    ['pings', () => mtEncode({ _: 'ping', ping_id: 1n })],
    ['ends of sessions', () => mtEncode({ _: 'destroy_session', session_id: 5n })],
  ])('of %s do not keep other clients from being served', async (_, body) => {
    const stage = await openStage();
    const [client, witness] = [await stage.connect(), await stage.connect()];
    await client.call(call(0));
    await witness.call(call(0));
    const sent = storm(client, 300, () => client.session.encrypt(Array.from({ length: 8 }, () => ({ body: body(), content: false }))).packet);
    for (let i = 0; i < 20; i++) expect(await witness.call(call(i))).toEqual(call(i));
    await sent;
    expect(await client.call(call(9))).toEqual(call(9));
  });

  test('of sessions on one key leave a bounded number of them', async () => {
    const stage = await openStage();
    const witness = await stage.connect();
    await witness.call(call(0));
    const clientKey = stage.addKey();
    const client = await stage.connect({ clientKey });
    await client.call(call(0));
    for (let i = 0; i < 500; i++) {
      const other = await stage.connect({ clientKey });
      other.session.salt = client.session.salt;
      other.ping(1n);
      await other[Symbol.asyncDispose]();
      if (i % 50 === 0) expect(await witness.call(call(i))).toEqual(call(i));
    }
    expect(await witness.call(call(9))).toEqual(call(9));
    expect(stage.gateway.sessions.size).toBeLessThanOrEqual(9);
  });
});

test('connections of another HTTP server have the same limits as those of the port', async () => {
  const stage = await openStage({ config: { ...GATEWAY_CONFIG, maxConnections: 3 } });
  const server = createServer((_request, response) => void response.end());
  stage.gateway.attachWebSocket(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  for (let i = 0; i < 3; i++) await openSocket(address.port);
  const fourth = await openSocket(address.port);
  if (!fourth.closed) await once(fourth, 'close');
  expect(await stage.metric('aerogram_connections_closed_total{reason="full"}')).toBe(1);
});
