import { once } from 'node:events';
import { connect } from 'node:net';
import { createFakeClock } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { call, openStage, openUser, services } from './gateway-stage.ts';

describe('misbehaving clients', () => {
  test('a packet that cannot be decrypted with its key closes the connection', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const { packet } = client.session.encrypt([{ body: call(1) }]);
    packet[40]! ^= 1;
    client.sendPacket(packet);
    await client.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="undecryptable"}')).toBe(1);
  });

  test.each([
    ['says nothing', Buffer.alloc(0), 21_000, 'too-slow'],
    ['sends half a header', Buffer.from([1, 2, 3]), 21_000, 'too-slow'],
    ['sends half a packet', Buffer.from([0xef, 0x20, 1, 2, 3]), 21_000, 'too-slow'],
    ['sends half an HTTP request', Buffer.from('POST /api HTTP/1.1\r\nConte'), 121_000, 'idle'],
    ['sends a body that never ends', Buffer.from('POST /api HTTP/1.1\r\nContent-Length: 100\r\n\r\nab'), 301_000, 'idle'],
  ])('a client that %s is closed', async (_, bytes, waitMs, reason) => {
    const stage = await openStage();
    const socket = connect(stage.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {}).resume();
    const closed = once(socket, 'close');
    if (bytes.length > 0) socket.write(bytes);
    while ((await stage.metric('aerogram_connections{transport="unknown"}') ?? 0) + (await stage.metric('aerogram_connections{transport="http"}') ?? 0) === 0) {
      await stage.clock.advance(0);
    }
    await stage.clock.advance(10);
    await stage.clock.advance(waitMs);
    await closed;
    expect(await stage.metric(`aerogram_connections_closed_total{reason="${reason}"}`)).toBe(1);
  });

  test('a connection with unknown first bytes is closed at once', async () => {
    const stage = await openStage();
    const socket = connect(stage.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0, 0, 0, 0]));
    await once(socket, 'close');
    expect(await stage.metric('aerogram_connections_closed_total{reason="framing"}')).toBe(1);
  });

  test('a clock that jumps ahead closes no connection, and one that is set back keeps no idle connection open', async () => {
    let aheadMs = 0;
    const even = createFakeClock();
    const stage = await openStage({ clock: { ...even, nowMs: () => even.nowMs() + aheadMs, now: () => Math.floor((even.nowMs() + aheadMs) / 1000) } });
    const closed = (): Promise<number | undefined> => stage.metric('aerogram_connections_closed_total{reason="idle"}');
    const client = await stage.connect({ nowMs: () => even.nowMs() + aheadMs });
    await client.call(call(0));
    aheadMs = 7_200_000;
    await even.advance(60_000);
    expect(await closed()).toBeUndefined();
    aheadMs = -365 * 86_400_000;
    await even.advance(301_000);
    await client.closed;
    expect(await closed()).toBe(1);
  });

  test('an idle connection is closed; pings keep it open', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const inbox = services(client);
    for (let i = 1n; i <= 3n; i++) {
      await stage.clock.advance(200_000);
      client.ping(i);
      await inbox.find((m) => m._ === 'pong' && m.ping_id === i);
    }
    await stage.clock.advance(301_000);
    await client.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="idle"}')).toBe(1);
  });

  test('ping_delay_disconnect closes the connection unless another one follows', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const inbox = services(client);
    for (let i = 1n; i <= 3n; i++) {
      client.send([{ body: mtEncode({ _: 'ping_delay_disconnect', ping_id: i, disconnect_delay: 75 }), content: false }]);
      await inbox.find((m) => m._ === 'pong' && m.ping_id === i);
      await stage.clock.advance(60_000);
    }
    await stage.clock.advance(16_000);
    await client.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="ping-timeout"}')).toBe(1);
  });

  test('a key with too many connections gets −429', async () => {
    const stage = await openStage({ limits: { maxSocketsPerKey: 3 } });
    const clientKey = stage.addKey();
    for (let i = 0; i < 3; i++) await (await stage.connect({ clientKey })).call(call(i));
    const fourth = await stage.connect({ clientKey });
    await expect(fourth.call(call(4))).rejects.toMatchObject({ code: -429 });
  });

  test('a client that does not read eventually gets updatesTooLong or is closed', async () => {
    const stage = await openStage();
    const { client, session } = await openUser(stage);
    const socket = connect(stage.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    // Takes over the session and reads nothing.
    const ping = { body: mtEncode({ _: 'ping', ping_id: 1n }), content: false };
    const { packet } = client.session.encrypt([ping]);
    socket.write(Buffer.concat([Buffer.from([0xef, packet.length / 4]), packet]));
    const body = Uint8Array.from(stage.random.bytes(60_000));
    const results = new Set<string>();
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    while ((await stage.metric('aerogram_connections_closed_total{reason="slow-consumer"}')) !== 1) {
      results.add(session.push(body));
      await new Promise((resolve) => setImmediate(resolve));
      await stage.clock.advance(50);
    }
    expect(results).toContain('dropped');
    expect(await stage.metric('aerogram_updates_dropped_total')).toBeGreaterThan(0);
    socket.resume();
    await closed;
  });
});
