import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { makeKey, type RawClientOptions } from '@aerogram/mtproto/client';
import { mtEncode, type mt } from '@aerogram/tl';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { call, GATEWAY_CONFIG, Inbox, openStage } from './gateway-stage.ts';

const transports: [string, Partial<RawClientOptions>][] = [
  ['abridged', { framing: 'abridged' }],
  ['abridged, obfuscated', { framing: 'abridged', obfuscated: true }],
  ['intermediate', { framing: 'intermediate' }],
  ['intermediate, obfuscated', { framing: 'intermediate', obfuscated: true }],
  ['padded', { framing: 'padded' }],
  ['padded, obfuscated', { framing: 'padded', obfuscated: true }],
  ['full', { framing: 'full' }],
  ['websocket', { transport: 'websocket' }],
  ['websocket, test path', { transport: 'websocket', path: '/apiws_test_premium', framing: 'padded' }],
  ['http', { transport: 'http' }],
  ['http, other path', { transport: 'http', path: '/apiw1_test' }],
];

describe.each(transports)('%s', (_, transport) => {
  test('creates a key, calls, and gets long answers', async () => {
    const stage = await openStage();
    const target = { host: '127.0.0.1', port: stage.port, transport: 'tcp' as const, random: stage.random, ...transport };
    const clientKey = await makeKey({ ...target, publicKeys: stage.publicKeys, dc: 4 });
    expect(stage.store.records.get(clientKey.key.id)).toMatchObject({ kind: 'perm', dcId: 4 });
    const client = await stage.connect({ ...transport, clientKey });
    expect(await client.call(call(1))).toEqual(call(1));
    const answers = await Promise.all(Array.from({ length: 20 }, (__, i) => client.call(call(i, 5000 + 4 * i))));
    for (const [i, answer] of answers.entries()) expect(Uint8Array.from(answer)).toEqual(call(i, 5000 + 4 * i));
  });

  test('corrects a wrong salt and then answers', async () => {
    const stage = await openStage();
    const client = await stage.connect(transport);
    expect(await client.call(call(1))).toEqual(call(1));
    expect(client.session.salt).not.toBe(1n);
    expect(stage.dispatcher.calls).toHaveLength(1);
  });

  test('answers −404 for a key that does not exist', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    stage.store.records.clear();
    const client = await stage.connect({ ...transport, clientKey });
    await expect(client.call(call(1))).rejects.toMatchObject({ code: -404 });
  });

  test('closes without an answer when the key store is unreachable', async () => {
    const stage = await openStage();
    const client = await stage.connect(transport);
    stage.store.broken = true;
    client.onTransportError = () => expect.fail('a transport error');
    client.call(call(1)).catch(() => {});
    await client.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="store-unreachable"}') ?? 1).toBe(1);
  });
});

test.each([
  ['abridged' as const, false],
  ['intermediate' as const, true],
  ['padded' as const, false],
])('quick acknowledgements are sent over %s', async (framing, obfuscated) => {
  const stage = await openStage();
  const client = await stage.connect({ framing, obfuscated });
  await client.call(call(1));
  const tokens = new Inbox<number>();
  client.onQuickAck = tokens.add;
  client.send([{ body: call(2) }], { quickAck: true });
  expect(await tokens.find(() => true)).toBeGreaterThan(0x7fffffff);
});

describe('HTTP', () => {
  const http = { transport: 'http' as const };

  test('a long poll gets a push at once', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    stage.logIn(clientKey, 5n);
    const client = await stage.connect({ ...http, clientKey });
    await client.call(call(1));
    const updates = new Inbox<Uint8Array>();
    client.onUpdate = updates.add;
    client.send([{ body: mtEncode({ _: 'http_wait', max_delay: 0, wait_after: 0, max_wait: 25_000 }), content: false }]);
    client.ping(1n);
    await stage.clock.advance(1000);
    for (const session of stage.gateway.sessions.sessionsOf(5n)) session.push(call(7));
    expect(await updates.find(() => true)).toEqual(call(7));
  });

  test('a long poll ends after its maximum wait', async () => {
    const stage = await openStage();
    const client = await stage.connect(http);
    await client.call(call(1));
    const services = new Inbox<mt.AnyService>();
    client.onService = services.add;
    stage.dispatcher.answers.set(2, () => new Promise(() => {}));
    const [msgId] = client.send([{ body: call(2) }, { body: mtEncode({ _: 'http_wait', max_delay: 0, wait_after: 0, max_wait: 3000 }), content: false }]);
    await stage.dispatcher.heard(2);
    await stage.clock.advance(3000);
    expect(await services.find((m) => m._ === 'msgs_ack')).toEqual({ _: 'msgs_ack', msg_ids: [msgId] });
  });

  test('messages are gathered as http_wait asks', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    stage.logIn(clientKey, 5n);
    const client = await stage.connect({ ...http, clientKey });
    await client.call(call(1));
    const updates = new Inbox<Uint8Array>();
    const packets: number[] = [];
    client.onUpdate = (body) => {
      packets.push(stage.clock.nowMs());
      updates.add(body);
    };
    client.send([{ body: call(3) }, { body: mtEncode({ _: 'http_wait', max_delay: 500, wait_after: 200, max_wait: 25_000 }), content: false }]);
    await stage.dispatcher.heard(2);
    const startMs = stage.clock.nowMs();
    const [session] = stage.gateway.sessions.sessionsOf(5n);
    for (let i = 0; i < 5; i++) {
      session!.push(call(10 + i));
      await stage.clock.advance(150);
    }
    await updates.find((body) => body.at(4) === 10);
    expect(packets[0]! - startMs).toBe(500);
  });

  test('requests of browsers are accepted, other requests go to the handler', async () => {
    const stage = await openStage({ httpHandler: (_, response) => response.end('a page') });
    const url = `http://127.0.0.1:${stage.port}`;
    const options = await fetch(`${url}/apiw1`, { method: 'OPTIONS' });
    expect(options.status).toBe(200);
    expect(options.headers.get('access-control-allow-origin')).toBe('*');
    expect((await fetch(`${url}/apiw1`)).status).toBe(405);
    expect(await (await fetch(`${url}/`)).text()).toBe('a page');
    const tooLong = await fetch(`${url}/api`, { method: 'POST', body: Buffer.alloc(2_000_000) });
    expect(tooLong.status).toBe(413);
    expect((await fetch(`${url}/api`, { method: 'POST', body: 'short' })).status).toBe(404);
  });

  test('pages of origins that the operator did not name are refused, other clients are not', async () => {
    const stage = await openStage({ config: { ...GATEWAY_CONFIG, webOrigins: ['https://chat.example.org'] } });
    const post = (headers: Record<string, string>): Promise<Response> => fetch(`http://127.0.0.1:${stage.port}/apiw1`, { method: 'POST', body: 'short', headers });
    const connect = (origin: string): Promise<string> => {
      const webSocket = new WebSocket(`ws://127.0.0.1:${stage.port}/apiws`, 'binary', { origin });
      onTestFinished(() => webSocket.terminate());
      // If the server refuses, `once` rejects with the error of the socket.
      return once(webSocket, 'open').then(() => 'open', (error: Error) => error.message);
    };
    expect((await post({})).status).toBe(404);
    expect((await post({ origin: 'https://chat.example.org' })).headers.get('access-control-allow-origin')).toBe('*');
    const refused = await post({ origin: 'https://evil.example' });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await connect('https://chat.example.org')).toBe('open');
    expect(await connect('https://evil.example')).toContain('403');
  });

  test('another HTTP server serves both forms too', async () => {
    const stage = await openStage();
    const server = createServer((request, response) => {
      if (!stage.gateway.handleHttp(request, response)) response.writeHead(404).end();
    });
    stage.gateway.attachWebSocket(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    for (const transport of ['http', 'websocket'] as const) {
      const client = await stage.connect({ port, transport });
      expect(await client.call(call(1))).toEqual(call(1));
      await client[Symbol.asyncDispose]();
    }
  });
});

test('a WebSocket on another path, or with text frames, is refused', async () => {
  const stage = await openStage();
  await expect(stage.connect({ transport: 'websocket', path: '/other' })).rejects.toThrow('404');
  const webSocket = new WebSocket(`ws://127.0.0.1:${stage.port}/apiws`, 'binary');
  await once(webSocket, 'open');
  expect(webSocket.protocol).toBe('binary');
  webSocket.send('text');
  const [code] = await once(webSocket, 'close');
  expect(code).toBe(1003);
});
