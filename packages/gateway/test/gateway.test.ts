import { once } from 'node:events';
import { connect } from 'node:net';
import type { RpcAnswer } from '@aerogram/rpc';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { call, GatewayStage, numberOf, openStage, openUser, services } from './gateway-stage.ts';

describe('calls', () => {
  test('run in parallel and are answered as soon as they are ready', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const release = stage.dispatcher.hold(1);
    const slow = client.call(call(1));
    expect(await client.call(call(2))).toEqual(call(2));
    release();
    expect(await slow).toEqual(call(1));
  });

  test("pass the client's address to the dispatcher, with one session object for all calls of a session", async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(1));
    await client.call(call(2));
    const [first, second] = stage.dispatcher.calls;
    expect(first!.session).toBe(second!.session);
    expect(first!.session).toMatchObject({
      authKeyId: client.session.key.id,
      sessionId: client.session.sessionId,
      remoteAddress: '127.0.0.1',
      localAddress: '127.0.0.1',
      localPort: stage.port,
    });
  });

  test('pause reading if too many are open, until some are answered', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    for (let i = 0; i < 10; i++) await client.call(call(0));
    const release = stage.dispatcher.hold(1);
    const answers = Array.from({ length: 400 }, () => client.call(call(1)));
    await stage.dispatcher.heard(18);
    await stage.clock.advance(100);
    expect(stage.dispatcher.calls).toHaveLength(18);
    release();
    expect(await Promise.all(answers)).toHaveLength(400);
  });

  test('with long answers get the right answer, compressed or not', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    const bodies = [Buffer.alloc(300 * 1024, 'words '), Buffer.from(stage.random.bytes(300 * 1024)), Buffer.alloc(3 * 1024, 'words ')];
    for (const [at, body] of bodies.entries()) stage.dispatcher.answers.set(at, () => ({ body }));
    const answers = await Promise.all(bodies.map((_, at) => client.call(call(at))));
    // Comparing hundreds of kilobytes as arrays would take seconds.
    expect(answers.map((answer, at) => bodies[at]!.equals(answer))).toEqual([true, true, true]);
  });

  test.each<[string, (stage: GatewayStage) => Partial<RpcAnswer>]>([
    ['answers prove to be short', (stage) => ({ body: stage.random.bytes(100 * 1024) })],
    ['failures prove to be cheap', () => ({ error: 'INTERNAL', costBytes: 100 * 1024 })],
  ])('run a few at a time until their %s', async (_, dear) => {
    const stage = await openStage();
    const [client, other] = [await stage.connect(), await stage.connect()];
    await other.call(call(0));
    stage.dispatcher.answers.set(2, () => dear(stage));
    for (let i = 0; i < 3; i++) await client.call(call(2));
    const heard = stage.dispatcher.calls.length;
    const release = stage.dispatcher.hold(1);
    const answers = Array.from({ length: 10 }, () => client.call(call(1)));
    await stage.dispatcher.heard(heard + 1);
    // A call that comes later over another connection runs before the second of these.
    await other.call(call(3));
    expect(stage.dispatcher.calls.filter((one) => numberOf(one.body) === 1)).toHaveLength(1);
    release();
    expect(await Promise.all(answers)).toHaveLength(10);
  });

  test('whose answers are not read wait until some are read', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const socket = connect(stage.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    const body = stage.random.bytes(512 * 1024);
    stage.dispatcher.answers.set(1, () => ({ body, method: 'upload.getFile' }));
    const { packet } = client.session.encrypt(Array.from({ length: 100 }, () => ({ body: call(1) })));
    socket.write(Buffer.concat([Buffer.from([0xef, 0x7f]), Buffer.from(Uint32Array.of(packet.length / 4).buffer, 0, 3), packet]));
    await stage.dispatcher.heard(2);
    let asked = 0;
    while (asked !== stage.dispatcher.calls.length) {
      asked = stage.dispatcher.calls.length;
      for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toBeLessThan(60);
    socket.resume();
    await stage.dispatcher.heard(101);
    socket.destroy();
  });

  test('are answered with 500 if the dispatcher fails', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    stage.dispatcher.answers.set(1, () => Promise.reject(new Error('a fault')));
    await expect(client.call(call(1))).rejects.toMatchObject({ code: 500, message: 'INTERNAL' });
    expect(await client.call(call(2))).toEqual(call(2));
  });

  test('that wait for others leave room for these, although they came later', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    let isThere = (): void => {};
    const there = new Promise<void>((resolve) => (isThere = resolve));
    stage.dispatcher.answers.set(1, async (call) => {
      call.onChained!(true);
      await there;
      call.onChained!(false);
      return {};
    });
    stage.dispatcher.answers.set(2, () => {
      isThere();
      return {};
    });
    // More than may run at once.
    const answers = await Promise.all([...Array.from({ length: 20 }, () => client.call(call(1))), client.call(call(2))]);
    expect(answers.map(numberOf)).toEqual([...Array.from({ length: 20 }, () => 1), 2]);
  });

  test('a call that was refused because of its salt is gone for those that come after it, before and after the session began', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    const inbox = services(client);
    const refused: bigint[] = [];
    for (const number of [1, 2]) {
      client.session.salt = 1n;
      refused.push(client.send([{ body: call(number) }])[0]!);
      await inbox.find((message) => message._ === 'bad_server_salt' && message.bad_msg_id === refused.at(-1));
      await client.call(call(3));
    }
    const { messages } = stage.dispatcher.calls[0]!.session;
    expect(refused.map((msgId) => messages!.fateOf(msgId))).toEqual(['gone', 'gone']);
  });

  test('that take long are acknowledged meanwhile', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    stage.dispatcher.answers.set(1, () => new Promise(() => {}));
    const inbox = services(client);
    const [msgId] = client.send([{ body: call(1) }]);
    await stage.dispatcher.heard(2);
    await stage.clock.advance(1000);
    expect(await inbox.find((m) => m._ === 'msgs_ack')).toEqual({ _: 'msgs_ack', msg_ids: [msgId] });
  });
});

describe('sessions', () => {
  test('a client that reconnects over another transport continues its session', async () => {
    const stage = await openStage();
    const { client, session, updates } = await openUser(stage);
    await client.reconnect({ transport: 'websocket' });
    session.push(call(1));
    client.ping(1n);
    expect(numberOf(await updates.find((body) => numberOf(body) === 1))).toBe(1);
    await client.reconnect({ transport: 'tcp', framing: 'intermediate', obfuscated: true });
    session.push(call(2));
    client.ping(2n);
    await updates.find((body) => numberOf(body) === 2);
    expect(stage.gateway.sessions.size).toBe(1);
    expect(session.connected).toBe(true);
  });

  test('an answer lost with its connection is sent over the next one, and the call does not run twice', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const release = stage.dispatcher.hold(1);
    const answer = client.call(call(1));
    await stage.dispatcher.heard(2);
    await client.reconnect();
    release();
    client.ping(1n);
    expect(await answer).toEqual(call(1));
    expect(stage.dispatcher.calls).toHaveLength(2);
  });

  test('several sessions of a key exist side by side; beyond the limit the longest idle one ends', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    const clients = [];
    for (let i = 0; i < 10; i++) {
      const client = await stage.connect({ clientKey });
      await client.call(call(i));
      clients.push(client);
      await stage.clock.advance(10);
    }
    expect(stage.gateway.sessions.size).toBe(8);
    const inbox = services(clients[0]!);
    await clients[0]!.call(call(99));
    expect(inbox.items.some((m) => m._ === 'new_session_created')).toBe(true);
  });

  test('several keys may share one connection', async () => {
    const stage = await openStage();
    const one = await stage.connect();
    const two = await stage.connect();
    await two.call(call(0));
    await one.call(call(0));
    const { packet } = two.session.encrypt([{ body: call(7) }]);
    one.sendPacket(packet);
    await stage.dispatcher.heard(3);
    expect(stage.dispatcher.calls[2]!.session.authKeyId).toBe(two.session.key.id);
  });

  test('a session ends when its client stays away, and packets recorded from it do not run again', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const recorded = client.session.encrypt([{ body: call(1) }]).packet;
    client.sendPacket(recorded);
    await stage.dispatcher.heard(2);
    await client[Symbol.asyncDispose]();
    await stage.clock.advance(11 * 60_000);
    expect(stage.gateway.sessions.size).toBe(0);
    expect(stage.pusher.told.at(-1)).toBe(`detach ${client.session.sessionId}`);
    const again = await stage.connect({ clientKey: { key: client.session.key, salt: client.session.salt }, sessionId: client.session.sessionId });
    again.sendPacket(recorded);
    await again.call(call(2));
    expect(stage.dispatcher.calls.map((c) => numberOf(c.body))).toEqual([0, 1, 2]);
  });

  test('destroy_session ends another session of the key, and a replay of its calls runs nothing', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    const one = await stage.connect({ clientKey });
    const two = await stage.connect({ clientKey });
    await one.call(call(1));
    await two.call(call(2));
    const recorded = two.session.encrypt([{ body: call(3) }]).packet;
    two.sendPacket(recorded);
    await stage.dispatcher.heard(3);
    const inbox = services(one);
    one.send([{ body: mtEncode({ _: 'destroy_session', session_id: two.session.sessionId }) }]);
    await inbox.find((m) => m._ === 'destroy_session_ok');
    one.send([{ body: mtEncode({ _: 'destroy_session', session_id: one.session.sessionId }) }]);
    await inbox.find((m) => m._ === 'destroy_session_none');
    one.sendPacket(recorded);
    await one.call(call(4));
    expect(stage.dispatcher.calls.map((c) => numberOf(c.body))).toEqual([1, 2, 3, 4]);
  });

  test('after a restart every session starts anew with another salt', async () => {
    const before = await openStage();
    const { client } = await openUser(before);
    const after = await openStage();
    after.store.records.set(client.session.key.id, before.store.records.get(client.session.key.id)!);
    const inbox = services(client);
    await client.reconnect({ port: after.port });
    expect(await client.call(call(1))).toEqual(call(1));
    expect(inbox.items.map((m) => m._)).toEqual(['bad_server_salt', 'new_session_created']);
  });
});

describe('shutdown', () => {
  test('drain lets running calls be answered, closes connections, and accepts no more', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const poller = await stage.connect({ transport: 'http' });
    await poller.call(call(2));
    const release = stage.dispatcher.hold(1);
    const answer = client.call(call(1));
    await stage.dispatcher.heard(3);
    const drained = stage.gateway.drain();
    await expect(stage.connect()).rejects.toThrow('ECONNREFUSED');
    await expect(poller.call(call(3))).rejects.toMatchObject({ code: -503 });
    release();
    expect(await answer).toEqual(call(1));
    await client.closed;
    await stage.clock.advance(100);
    await drained;
  });

  test('disposing leaves no timer and no session', async () => {
    const stage = await GatewayStage.open();
    const { client } = await openUser(stage);
    await stage[Symbol.asyncDispose]();
    await client.closed;
    expect(stage.clock.pendingTimers()).toBe(0);
    expect(stage.pusher.told.at(-1)).toBe(`detach ${client.session.sessionId}`);
  });
});
