import { authTopic } from '@aerogram/bus';
import { type PacketCrypto, PacketPoolClosed } from '@aerogram/mtproto';
import type { RawClient } from '@aerogram/mtproto/client';
import { ByteBudget, createLogger } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { call, type GatewayStage, Inbox, numberOf, openStage, openUser, PACKETS_HERE } from './gateway-stage.ts';

const LONG = 100_000;

/** Threads that open or seal when the test lets them. */
function heldThreads(what: 'open' | 'seal'): { packetPool: PacketCrypto; release: () => void; asked: Promise<void> } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let ask = (): void => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const hold = async (): Promise<void> => {
    ask();
    await released;
  };
  return {
    asked,
    release,
    packetPool: {
      isFull: false,
      openPacket: (...args) => (what === 'open' ? hold() : Promise.resolve()).then(() => PACKETS_HERE.openPacket(...args)),
      sealPacket: (...args) => (what === 'seal' ? hold() : Promise.resolve()).then(() => PACKETS_HERE.sealPacket(...args)),
    },
  };
}

const numbersOf = (stage: GatewayStage): number[] => stage.dispatcher.calls.map(({ body }) => numberOf(body));

/** Its salt is right from here on, so every packet is sent only once. */
async function connectKnown(stage: GatewayStage, options: Parameters<GatewayStage['connect']>[0] = {}): Promise<RawClient> {
  const client = await stage.connect(options);
  await client.call(call(0));
  stage.dispatcher.calls.length = 0;
  return client;
}

/** Answers calls with this number by as many bytes as a part of a file has. */
function answerLong(stage: GatewayStage, number: number, length = LONG): void {
  stage.dispatcher.answers.set(number, () => ({ body: call(number, length), method: 'upload.getFile', part: { isMadeAgain: true, release: () => {} } }));
}

/** Notes the content-related messages that a client gets, in the order of arrival. */
function watchArrivals(client: RawClient): { msgId: bigint; seqNo: number; bytes: number }[] {
  const arrived: { msgId: bigint; seqNo: number; bytes: number }[] = [];
  const open = client.session.open.bind(client.session);
  client.session.open = (packet) => {
    const messages = open(packet);
    for (const { msgId, seqNo, body } of messages) if (seqNo % 2 === 1) arrived.push({ msgId, seqNo, bytes: body.length });
    return messages;
  };
  return arrived;
}

describe('a packet that takes long to open', () => {
  test('delays the packets after it, but no other connection', async () => {
    const threads = heldThreads('open');
    const stage = await openStage({ packetPool: threads.packetPool });
    const [alice, bob] = [await connectKnown(stage), await connectKnown(stage)];
    const first = alice.call(call(1, LONG));
    const second = alice.call(call(2));
    await threads.asked;
    await bob.call(call(3));
    expect(numbersOf(stage)).toEqual([3]);
    threads.release();
    expect((await first).length).toBe(LONG);
    await second;
    expect(numbersOf(stage)).toEqual([3, 1, 2]);
  });

  test.each(['http', 'websocket'] as const)('is also accepted over %s', async (transport) => {
    const threads = heldThreads('open');
    const stage = await openStage({ packetPool: threads.packetPool });
    const client = await connectKnown(stage, { transport });
    const long = client.call(call(1, LONG));
    await threads.asked;
    threads.release();
    expect((await long).length).toBe(LONG);
    expect(numbersOf(stage)).toEqual([1]);
    expect(stage.parts.total).toBe(0);
  });

  test('may share a piece of the network stream with what comes after it, also over a WebSocket', async () => {
    const stage = await openStage();
    const client = await connectKnown(stage, { transport: 'websocket' });
    // They are written together and arrive in one piece, of which the first takes nearly everything.
    const answers = [client.call(call(1, 63_000)), ...[2, 3, 4].map((number) => client.call(call(number)))];
    expect((await Promise.all(answers)).map(({ length }) => length)).toEqual([63_000, 8, 8, 8]);
  });

  test.each(['tcp', 'http'] as const)('closes the connection over %s if its thread dies, and nothing is opened in this thread', async (transport) => {
    const stage = await openStage({ packetPool: { ...PACKETS_HERE, openPacket: () => Promise.reject(new Error('the thread died')) } });
    const client = await connectKnown(stage, { transport });
    const lost = client.call(call(1, LONG)).catch(() => {});
    await client.closed;
    await client[Symbol.asyncDispose]();
    await lost;
    expect(stage.dispatcher.calls).toEqual([]);
    while (stage.parts.total > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test.each([
    { transport: 'tcp', reason: new PacketPoolClosed(), level: 'debug' },
    { transport: 'http', reason: new PacketPoolClosed(), level: 'debug' },
    { transport: 'tcp', reason: new Error('the thread died'), level: 'error' },
    { transport: 'http', reason: new Error('the thread died'), level: 'error' },
  ] as const)('and comes back undone over $transport, because $reason.message, is logged as $level', async ({ transport, reason, level }) => {
    const lines = new Inbox<{ level: string; err?: { message: string } }>();
    const log = createLogger({ level: 'debug', destination: { write: (line) => lines.add(JSON.parse(line)) } });
    const stage = await openStage({ packetPool: { ...PACKETS_HERE, openPacket: () => Promise.reject(reason) }, log });
    const client = await connectKnown(stage, { transport });
    const lost = client.call(call(1, LONG)).catch(() => {});
    expect((await lines.find(({ err }) => err?.message === reason.message)).level).toBe(level);
    await client[Symbol.asyncDispose]();
    await lost;
  });

  test('closes the connection if it cannot be decrypted', async () => {
    const stage = await openStage();
    const client = await connectKnown(stage);
    const { packet } = client.session.encrypt([{ body: call(1, LONG) }]);
    packet[70_000]! ^= 1;
    client.sendPacket(packet);
    await client.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="undecryptable"}')).toBe(1);
    expect(stage.dispatcher.calls).toEqual([]);
  });

  test('is ignored if its connection was closed meanwhile', async () => {
    const threads = heldThreads('open');
    const stage = await openStage({ packetPool: threads.packetPool });
    const [alice, bob] = [await connectKnown(stage), await connectKnown(stage)];
    const lost = alice.call(call(1, LONG)).catch(() => 'lost');
    await threads.asked;
    await alice[Symbol.asyncDispose]();
    expect(await lost).toBe('lost');
    while ((await stage.metric('aerogram_connections_closed_total{reason="client"}')) !== 1) await bob.call(call(2));
    stage.dispatcher.calls.length = 0;
    threads.release();
    await bob.call(call(3));
    expect(numbersOf(stage)).toEqual([3]);
    expect(stage.parts.total).toBe(0);
  });

  test('is refused if its key ended meanwhile', async () => {
    const threads = heldThreads('open');
    const stage = await openStage({ packetPool: threads.packetPool });
    const clientKey = stage.addKey();
    const client = await connectKnown(stage, { clientKey });
    const lost = client.call(call(1, LONG)).catch((error: unknown) => String(error));
    await threads.asked;
    stage.store.records.delete(clientKey.key.id);
    stage.bus.publish(authTopic(clientKey.key.id), { reason: 'ended' });
    threads.release();
    expect(await lost).toContain('404');
    expect(stage.dispatcher.calls).toEqual([]);
  });

  test('is run although a hint made its key doubtful meanwhile', async () => {
    const threads = heldThreads('open');
    const stage = await openStage({ packetPool: threads.packetPool });
    const clientKey = stage.addKey();
    const client = await connectKnown(stage, { clientKey });
    const long = client.call(call(1, LONG));
    await threads.asked;
    stage.bus.publish(authTopic(clientKey.key.id), { reason: 'ended' });
    threads.release();
    expect((await long).length).toBe(LONG);
  });
});

describe('an answer that takes long to seal', () => {
  test('does not delay other connections, and what comes after it on its own waits, so that message ids ascend', async () => {
    const threads = heldThreads('seal');
    const stage = await openStage({ packetPool: threads.packetPool });
    const { client: alice, session } = await openUser(stage);
    const bob = await connectKnown(stage);
    const arrived = watchArrivals(alice);
    answerLong(stage, 1);
    const long = alice.call(call(1));
    await threads.asked;
    session.push(call(7, 12));
    const short = alice.call(call(2, 16));
    await stage.dispatcher.heard(2);
    await bob.call(call(3));
    expect(arrived).toEqual([]);
    threads.release();
    await Promise.all([long, short]);
    expect(arrived.map(({ bytes }) => bytes)).toEqual([LONG, 12, 16]);
    expectAscending(arrived);
  });

  test.each(['http', 'websocket'] as const)('also arrives over %s', async (transport) => {
    const threads = heldThreads('seal');
    const stage = await openStage({ packetPool: threads.packetPool });
    const client = await connectKnown(stage, { transport });
    answerLong(stage, 1);
    const long = client.call(call(1));
    await threads.asked;
    threads.release();
    expect((await long).length).toBe(LONG);
    await client.call(call(2));
  });

  test('several of one connection are sealed side by side and arrive in order', async () => {
    const releases: (() => void)[] = [];
    const packetPool: PacketCrypto = {
      ...PACKETS_HERE,
      sealPacket: async (...args) => {
        await new Promise<void>((resolve) => releases.push(resolve));
        return PACKETS_HERE.sealPacket(...args);
      },
    };
    const stage = await openStage({ packetPool });
    const client = await connectKnown(stage);
    for (const number of [1, 2]) answerLong(stage, number, 300_000);
    const arrived = watchArrivals(client);
    const both = [1, 2].map((number) => client.call(call(number)));
    while (releases.length < 2) await new Promise((resolve) => setImmediate(resolve));
    releases[1]!();
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(arrived).toEqual([]);
    releases[0]!();
    await Promise.all(both);
    expect(arrived).toHaveLength(2);
    expectAscending(arrived);
  });

  test('is sent again over the next connection if its thread dies', async () => {
    let deaths = 0;
    const packetPool: PacketCrypto = { ...PACKETS_HERE, sealPacket: (...args) => (deaths++ === 0 ? Promise.reject(new Error('the thread died')) : PACKETS_HERE.sealPacket(...args)) };
    const stage = await openStage({ packetPool });
    const client = await connectKnown(stage);
    stage.dispatcher.answers.set(1, () => ({ body: Uint8Array.from(stage.random.bytes(LONG)) }));
    const long = client.call(call(1));
    await client.closed;
    await client.reconnect();
    client.ping(1n);
    expect((await long).length).toBe(LONG);
    expect(stage.dispatcher.calls).toHaveLength(1);
  });

  test('is still sent when the server stops', async () => {
    const threads = heldThreads('seal');
    const stage = await openStage({ packetPool: threads.packetPool });
    const client = await connectKnown(stage);
    answerLong(stage, 1);
    const long = client.call(call(1));
    await threads.asked;
    const drained = stage.gateway.drain();
    threads.release();
    expect((await long).length).toBe(LONG);
    await client.closed;
    await stage.clock.advance(100);
    await drained;
  });

  test('takes nothing from the budget of bytes once it was read, also if the connection is lost', async () => {
    const threads = heldThreads('seal');
    const stage = await openStage({ packetPool: threads.packetPool });
    const [alice, bob] = [await connectKnown(stage), await connectKnown(stage)];
    answerLong(stage, 1);
    const lost = alice.call(call(1)).catch(() => {});
    await threads.asked;
    expect(stage.parts.total).toBeGreaterThanOrEqual(LONG);
    await alice[Symbol.asyncDispose]();
    await lost;
    while (stage.parts.total > 0) await bob.call(call(2));
    threads.release();
    expect((await bob.call(call(1))).length).toBe(LONG);
    while (stage.parts.total > 0) await bob.call(call(2));
  });
});

describe('a lost answer of a call that only reads', () => {
  test.each(['tcp', 'websocket'] as const)('is made again when its client asks for it over the next connection (%s)', async (transport) => {
    const threads = heldThreads('seal');
    const stage = await openStage({ packetPool: threads.packetPool });
    const client = await connectKnown(stage, { transport });
    answerLong(stage, 1);
    const long = client.call(call(1));
    await threads.asked;
    await client.reconnect();
    threads.release();
    const described = new Inbox<bigint>();
    client.onService = (message) => {
      if (message._ === 'msg_detailed_info') described.add(message.answer_msg_id);
    };
    client.ping(1n);
    const answerId = await described.find(() => true);
    expect(numbersOf(stage)).toEqual([1]);
    client.send([{ body: mtEncode({ _: 'msg_resend_req', msg_ids: [answerId] }), content: false }]);
    expect((await long).length).toBe(LONG);
    expect(numbersOf(stage)).toEqual([1, 1]);
  });
});

describe('while the threads have too much to do', () => {
  test('nothing more is read from a connection whose packet they have, and others are read', async () => {
    const threads = heldThreads('open');
    const stage = await openStage({ packetPool: { ...threads.packetPool, isFull: true } });
    const [alice, bob] = [await connectKnown(stage), await connectKnown(stage)];
    const all = Array.from({ length: 20 }, (_, i) => alice.call(call(1 + i, 1_000_000)));
    await threads.asked;
    for (let i = 0; i < 5; i++) await bob.call(call(100 + i));
    // What has been read counts in the budget.
    expect(stage.parts.total).toBeLessThan(4_000_000);
    threads.release();
    await Promise.all(all);
  });

  test('a connection whose answer they have is read again as soon as it has the answer', async () => {
    const threads = heldThreads('seal');
    const stage = await openStage({ packetPool: { ...threads.packetPool, isFull: true } });
    const [client, other] = [await connectKnown(stage), await connectKnown(stage)];
    // So short that the system takes it at once, and reports nothing later.
    answerLong(stage, 1, 66_000);
    const long = client.call(call(1));
    await threads.asked;
    // Reading pauses when the server gets this, which needs no answer, and sees how much the threads have to do.
    client.send([{ body: mtEncode({ _: 'msgs_ack', msg_ids: [4n] }), content: false }]);
    for (let i = 0; i < 5; i++) await other.call(call(2));
    threads.release();
    expect((await long).length).toBe(66_000);
    await client.call(call(3));
  });
});

describe('while there is no room for more parts in the process', () => {
  /** Room for two parts. */
  const openSmall = (): Promise<GatewayStage> => openStage({ parts: new ByteBudget(2_000_000) });
  const connectAs = async (stage: GatewayStage, userId: bigint, transport: 'tcp' | 'http' = 'tcp'): Promise<RawClient> => {
    const clientKey = stage.addKey();
    stage.logIn(clientKey, userId);
    const client = await connectKnown(stage, { clientKey, transport });
    await client.call(call(0));
    return client;
  };

  test('nothing more is read from an account that has much on the way, others send theirs, and all is answered in the end', async () => {
    const parts = new ByteBudget(2_000_000);
    const stage = await openStage({ parts });
    const [alice, bob] = [await connectAs(stage, 5n), await connectAs(stage, 6n)];
    stage.dispatcher.calls.length = 0;
    const release = stage.dispatcher.hold(1);
    const many = Array.from({ length: 12 }, () => alice.call(call(1, 900_000)));
    await stage.dispatcher.heard(2);
    for (let i = 0; i < 3; i++) expect((await bob.call(call(2, 900_000))).length).toBe(900_000);
    // Two were handled, and at most two more had been received.
    expect(parts.total).toBeLessThanOrEqual(5 * 900_000);
    expect(stage.dispatcher.calls.filter(({ body }) => numberOf(body) === 1).length).toBeLessThanOrEqual(4);
    release();
    await Promise.all(many);
    while (parts.total > 0) await bob.call(call(3));
  });

  test('a request over HTTP that waits for room is forgotten when its client closes the connection', async () => {
    const parts = new ByteBudget(2_000_000);
    const stage = await openStage({ parts });
    // One call over each connection, because an account over its CPU budget runs one call of a session at a time.
    const holders = [await connectAs(stage, 5n), await connectAs(stage, 5n)];
    const [poster, other] = [await connectAs(stage, 5n, 'http'), await connectAs(stage, 6n)];
    stage.dispatcher.calls.length = 0;
    const release = stage.dispatcher.hold(1);
    const held = holders.map((holder) => holder.call(call(1, 900_000)));
    await stage.dispatcher.heard(2);
    const refused = poster.call(call(2, 900_000)).catch(() => {});
    while (parts.waiting === 0) await other.call(call(3));
    await poster[Symbol.asyncDispose]();
    await refused;
    while (parts.waiting > 0) await other.call(call(3));
    release();
    await Promise.all(held);
    expect(numbersOf(stage)).not.toContain(2);
  });

  test('a client that does not read its answers keeps no other account from its own', async () => {
    const stage = await openSmall();
    const [alice, bob] = [await connectAs(stage, 5n), await connectAs(stage, 6n)];
    answerLong(stage, 1, 900_000);
    alice.send(Array.from({ length: 8 }, () => ({ body: call(1) })));
    await stage.dispatcher.heard(2);
    for (let i = 0; i < 3; i++) expect((await bob.call(call(1))).length).toBe(900_000);
  });
});

function expectAscending(arrived: readonly { msgId: bigint; seqNo: number }[]): void {
  expect(arrived).toEqual([...arrived].sort((a, b) => (a.msgId < b.msgId ? -1 : 1)));
  expect(arrived).toEqual([...arrived].sort((a, b) => a.seqNo - b.seqNo));
}
