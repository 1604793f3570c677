import { request } from 'node:http';
import { openWire, type RawClient, serviceMessage, type Wire } from '@aerogram/mtproto/client';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, onTestFinished, test } from 'vitest';
import { call, GATEWAY_CONFIG, type GatewayStage, Inbox, openStage, openUser } from './gateway-stage.ts';

/** A packet that the client has sent, as an eavesdropper records it. */
async function record(client: RawClient, body = mtEncode({ _: 'ping', ping_id: 1n })): Promise<Uint8Array> {
  const { packet } = client.session.encrypt([{ body, content: false }]);
  const services = new Inbox<string>();
  client.onService = ({ _ }) => services.add(_);
  client.sendPacket(packet);
  await services.find((name) => name === 'pong');
  return packet;
}

/** Sends a recorded packet over a new connection. */
async function replay(stage: GatewayStage, packet: Uint8Array, localAddress = '127.0.0.1'): Promise<{ wire: Wire; got: Uint8Array[]; closed: Promise<void> }> {
  const got: Uint8Array[] = [];
  let onClosed: () => void = () => {};
  const closed = new Promise<void>((resolve) => (onClosed = resolve));
  const owner = { onPacket: (answer: Uint8Array) => void got.push(answer), onQuickAck: () => {}, onError: () => {}, onClosed };
  const wire = await openWire({ host: '127.0.0.1', port: stage.port, transport: 'tcp', random: stage.random, localAddress }, owner);
  onTestFinished(() => wire.close());
  const before = await packetsIn(stage);
  wire.send(packet);
  while ((await packetsIn(stage)) === before) await new Promise((resolve) => setImmediate(resolve));
  return { wire, got, closed };
}

/** Number of accepted encrypted packets; updated when the clock advances. */
async function packetsIn(stage: GatewayStage): Promise<number> {
  await stage.clock.advance(1_000);
  return (await stage.metric('aerogram_packets_total{direction="in"}')) ?? 0;
}

describe('a replayed packet', () => {
  test('does not use up the connection limit of its key, over however many connections it comes', async () => {
    const stage = await openStage({ limits: { maxSocketsPerKey: 3 } });
    const clientKey = stage.addKey();
    const client = await stage.connect({ clientKey });
    await client.call(call(0));
    const packet = await record(client);
    await client[Symbol.asyncDispose]();
    for (let n = 0; n < 5; n++) await replay(stage, packet);
    for (let n = 0; n < 3; n++) expect(await (await stage.connect({ clientKey })).call(call(n))).toEqual(call(n));
    await expect((await stage.connect({ clientKey })).call(call(4))).rejects.toMatchObject({ code: -429 });
  });

  test('has its connection closed after two minutes', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const { closed } = await replay(stage, await record(client));
    await stage.clock.advance(121_000);
    await closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="too-slow"}')).toBe(1);
    expect(await client.call(call(1))).toEqual(call(1));
  });

  test('gets nothing that waits for a disconnected client, and does not act as that client', async () => {
    const stage = await openStage();
    const { client, session, updates } = await openUser(stage);
    const packet = await record(client);
    await client[Symbol.asyncDispose]();
    while (session.connected) await new Promise((resolve) => setImmediate(resolve));
    const { got } = await replay(stage, packet, '127.0.0.9');
    session.push(call(7));
    expect(session.connected).toBe(false);
    await client.reconnect();
    client.ping(2n);
    expect(await updates.find((body) => body.length > 0)).toEqual(call(7));
    expect(got).toEqual([]);
  });

  test('does not change the recorded address of its session', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const packet = await record(client);
    await replay(stage, packet, '127.0.0.9');
    expect(stage.dispatcher.calls[0]?.session.remoteAddress).toBe('127.0.0.1');
  });

  test('from an ended session does not start a session that replaces another', async () => {
    const stage = await openStage({ config: { ...GATEWAY_CONFIG, maxSessionsPerKey: 2 } });
    const clientKey = stage.addKey();
    const connect = async (): Promise<RawClient> => {
      const client = await stage.connect({ clientKey });
      await client.call(call(0));
      await stage.clock.advance(1_000);
      return client;
    };
    const first = await connect();
    const packet = await record(first);
    await first[Symbol.asyncDispose]();
    const others = [await connect(), await connect()];
    const sessions = async (): Promise<number | undefined> => stage.metric('aerogram_sessions_created_total');
    const before = await sessions();
    const { got } = await replay(stage, packet);
    for (const other of others) await other.call(call(1));
    expect(await sessions()).toBe(before);
    expect(first.session.open(got[0]!)).toHaveLength(1);
  });
});

describe('a packet replayed over HTTP', () => {
  const post = (stage: GatewayStage, packet: Uint8Array): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Length': packet.length };
      const sent = request({ host: '127.0.0.1', port: stage.port, path: '/api', method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
      });
      sent.on('error', reject).end(packet);
    });
  const poll = mtEncode({ _: 'http_wait', max_delay: 0, wait_after: 0, max_wait: 20_000 });

  test('gets an empty answer at once, and neither the place nor the updates of its owner', async () => {
    const stage = await openStage();
    const { client, session } = await openUser(stage, { transport: 'http' });
    const { packet } = client.session.encrypt([{ body: poll, content: false }]);
    const waiting = post(stage, packet);
    while ((await packetsIn(stage)) < 3) await new Promise((resolve) => setImmediate(resolve));
    for (let n = 0; n < 10; n++) expect(await post(stage, packet)).toHaveLength(0);
    session.push(call(7));
    const messages = client.session.open(await waiting);
    expect(messages.map(({ body }) => body)).toContainEqual(call(7));
    // The owner has no open request: what is pushed now waits for the next one.
    session.push(call(8));
    expect(await post(stage, packet)).toHaveLength(0);
    const next = client.session.open(await post(stage, client.session.encrypt([{ body: poll, content: false }]).packet));
    expect(next.map(({ body }) => body)).toContainEqual(call(8));
  });

  test('in a container is answered with a note that it is a duplicate, and nothing else', async () => {
    const stage = await openStage();
    const { client, session } = await openUser(stage, { transport: 'http' });
    const { packet } = client.session.encrypt([{ body: poll, content: false }, { body: mtEncode({ _: 'ping', ping_id: 1n }), content: false }]);
    await post(stage, packet);
    session.push(call(7));
    const said = client.session.open(await post(stage, packet));
    expect(said.map(serviceMessage)).toMatchObject([{ _: 'bad_msg_notification', error_code: 19 }]);
  });
});
