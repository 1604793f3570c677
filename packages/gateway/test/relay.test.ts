import { packetKeyId } from '@aerogram/mtproto';
import { type ClientKey, ClientSession, type RawClient, type RawClientOptions } from '@aerogram/mtproto/client';
import { expect, test } from 'vitest';
import { FakeNodes } from './fake-nodes.ts';
import { call, type GatewayStage, numberOf, openStage, services } from './gateway-stage.ts';

/** Two gateways, of which one serves all keys. */
async function openPair(): Promise<{ entry: GatewayStage; owner: GatewayStage; atEntry: FakeNodes; atOwner: FakeNodes; key: ClientKey; connect: (options?: Partial<RawClientOptions>) => Promise<RawClient> }> {
  const all = new Map<string, FakeNodes>();
  const [atEntry, atOwner] = [new FakeNodes('entry', 'owner', all), new FakeNodes('owner', 'owner', all)];
  const [entry, owner] = [await openStage({ nodes: atEntry }), await openStage({ nodes: atOwner })];
  const key = entry.addKey();
  owner.store.records.set(key.key.id, entry.store.records.get(key.key.id)!);
  const connect = (options: Partial<RawClientOptions> = {}): Promise<RawClient> => entry.connect({ clientKey: { ...key }, ...options });
  return { entry, owner, atEntry, atOwner, key, connect };
}

const isOpen = (client: RawClient): Promise<boolean> => Promise.race([client.closed.then(() => false), new Promise<boolean>((resolve) => setImmediate(() => resolve(true)))]);
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

test.each(['tcp', 'websocket', 'http'] as const)('calls are answered by the owner, which knows the address of the client: %s', async (transport) => {
  const { entry, owner, connect } = await openPair();
  const client = await connect({ transport });
  for (const number of [1, 2, 3]) expect(numberOf(await client.call(call(number, 100 * number)))).toBe(number);
  expect(numberOf(await client.call(call(4, 300_000)))).toBe(4);
  expect(entry.dispatcher.calls).toHaveLength(0);
  expect(owner.dispatcher.calls).toHaveLength(4);
  expect(owner.dispatcher.calls[0]!.session).toMatchObject({ remoteAddress: '127.0.0.1', localPort: entry.port });
  expect(await entry.metric('aerogram_relayed_packets_total')).toBeGreaterThanOrEqual(4);
});

test('quick acknowledgements and transport errors come through', async () => {
  const { entry, owner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  const token = new Promise<number>((resolve) => (client.onQuickAck = resolve));
  client.send([{ body: call(2) }], { quickAck: true });
  expect(await token).toBeGreaterThan(0);
  const stranger = await entry.connect({ clientKey: entry.addKey() });
  const code = new Promise<number>((resolve) => (stranger.onTransportError = resolve));
  void stranger.call(call(3)).catch(() => {});
  expect(await code).toBe(-404);
  await stranger.closed;
  expect(owner.dispatcher.calls.map(({ body }) => numberOf(body))).toEqual([1, 2]);
});

test('a packet that the owner refuses goes to the next one, once the entry node has read of it', async () => {
  const { entry, owner, atEntry, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  atOwner.read({ owner: 'entry', generation: 2 });
  const answer = client.call(call(2));
  await expect.poll(() => atEntry.heard).toContain(2);
  await turns(3);
  expect(entry.dispatcher.calls).toHaveLength(0);
  atEntry.read({ owner: 'entry', generation: 2, isSettled: false });
  await turns(3);
  expect(entry.dispatcher.calls).toHaveLength(0);
  atEntry.read({ isSettled: true });
  expect(numberOf(await answer)).toBe(2);
  expect(entry.dispatcher.calls.map(({ body }) => numberOf(body))).toEqual([2]);
  expect(owner.dispatcher.calls.map(({ body }) => numberOf(body))).toEqual([1]);
});

test('an owner that has read less than the entry node waits until it has read as much', async () => {
  const { owner, atEntry, atOwner, connect } = await openPair();
  atOwner.read({ owner: 'entry' });
  atEntry.read({ generation: 2 });
  const client = await connect();
  const answer = client.call(call(1));
  await expect.poll(() => atOwner.heard).toContain(2);
  expect(owner.dispatcher.calls).toHaveLength(0);
  atOwner.read({ owner: 'owner', generation: 2 });
  expect(numberOf(await answer)).toBe(1);
});

test.each(['tcp', 'http'] as const)('when a key moves, the call under way is answered, the session ends, and the connection stays: %s', async (transport) => {
  const { entry, owner, atEntry, atOwner, connect } = await openPair();
  const client = await connect({ transport });
  await client.call(call(1));
  const release = owner.dispatcher.hold(2);
  const running = client.call(call(2));
  await owner.dispatcher.heard(2);
  const change = { owner: 'entry', generation: 2 };
  atOwner.read(change);
  let isGivenUp = false;
  const givingUp = owner.gateway.giveUpKeys().then(() => (isGivenUp = true));
  await turns(3);
  expect(isGivenUp).toBe(false);
  release();
  expect(numberOf(await running)).toBe(2);
  await owner.clock.advance(50);
  await givingUp;
  expect(owner.gateway.sessions.size).toBe(0);
  atEntry.read(change);
  expect(numberOf(await client.call(call(3)))).toBe(3);
  expect(entry.dispatcher.calls.map(({ body }) => numberOf(body))).toEqual([3]);
  // Long after the delays of clients that send nothing.
  await entry.clock.advance(6_000);
  await turns(3);
  expect(await isOpen(client)).toBe(true);
});

test('a call that takes too long does not keep its key, and calls that wait for it are not made', async () => {
  const { owner, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  for (const number of [2, 3, 4, 5]) {
    owner.dispatcher.hold(number);
    void client.call(call(number)).catch(() => {});
  }
  await owner.dispatcher.heard(2);
  await turns(5);
  const started = owner.dispatcher.calls.length;
  atOwner.read({ owner: 'entry', generation: 2 });
  const givingUp = owner.gateway.giveUpKeys();
  await owner.clock.advance(2_100);
  await givingUp;
  expect(owner.gateway.sessions.size).toBe(0);
  expect(owner.dispatcher.calls).toHaveLength(started);
});

test('a call that waits for another one which has not come does not keep its key', async () => {
  const { owner, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  owner.dispatcher.answers.set(2, ({ session: { messages }, msgId }) => {
    expect(messages!.fateOf(msgId + 400n)).toBe('unseen');
    return new Promise((resolve) => (messages!.onGone = () => resolve({})));
  });
  const waiting = client.call(call(2));
  await owner.dispatcher.heard(2);
  atOwner.read({ owner: 'entry', generation: 2 });
  const givingUp = owner.gateway.giveUpKeys();
  expect(numberOf(await waiting)).toBe(2);
  // Less than calls under way may take.
  await owner.clock.advance(100);
  await givingUp;
  expect(owner.gateway.sessions.size).toBe(0);
});

test('a client that sends nothing after its key has moved is disconnected, so that it gets its updates again', async () => {
  const { entry, owner, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  atOwner.read({ owner: 'entry', generation: 2 });
  await owner.gateway.giveUpKeys();
  await turns(3);
  await entry.clock.advance(1_000);
  await turns(3);
  expect(await isOpen(client)).toBe(true);
  await entry.clock.advance(4_000);
  await client.closed;
});

test('so is one that only pings its next owner, at first with the salt of the former one; one that calls stays', async () => {
  for (const [calls, from, to] of [[false, 'owner', 'entry'], [true, 'owner', 'entry'], [false, 'entry', 'owner'], [true, 'entry', 'owner']] as const) {
    const pair = await openPair();
    const { entry, atEntry, atOwner, connect } = pair;
    for (const nodes of [atEntry, atOwner]) nodes.read({ owner: from });
    const client = await connect();
    await client.call(call(1));
    for (const nodes of [atEntry, atOwner]) nodes.read({ owner: to, generation: 2 });
    await pair[from].gateway.giveUpKeys();
    await turns(3);
    const heard = services(client);
    for (let n = 0; n < 3; n++) {
      client.ping(BigInt(n));
      await turns(3);
    }
    await heard.find(({ _ }) => _ === 'bad_server_salt');
    await heard.find(({ _ }) => _ === 'pong');
    if (calls) await client.call(call(2));
    await entry.clock.advance(4_500);
    await turns(3);
    expect(await isOpen(client)).toBe(calls);
  }
});

test('so is a client that sends something under another key only, which has another owner', async () => {
  const { entry, owner, atEntry, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  const other = entry.addKey();
  atEntry.ownersOfKeys.set(other.key.id, 'entry');
  const { random } = entry;
  const second = new ClientSession({ ...other, sessionId: 1n, random, nowMs: () => entry.clock.nowMs() });
  const heard = new Promise<void>((resolve) => {
    const { session } = client;
    const open = session.open.bind(session);
    // Of the other session it is known only that the server responds.
    session.open = (packet) => (packetKeyId(packet) === other.key.id ? (resolve(), []) : open(packet));
  });
  client.sendPacket(second.encrypt([{ body: call(2) }]).packet);
  await heard;
  atOwner.read({ owner: 'entry', generation: 2 });
  await owner.gateway.giveUpKeys();
  await turns(3);
  await entry.clock.advance(1_000);
  client.sendPacket(second.encrypt([{ body: call(3) }]).packet);
  await turns(3);
  await entry.clock.advance(4_000);
  await client.closed;
});

test('a client that has sent something to the next owner already stays connected when the former one lets its session go', async () => {
  const { entry, owner, atEntry, atOwner, connect } = await openPair();
  for (const nodes of [atEntry, atOwner]) nodes.read({ owner: 'entry' });
  const [client, slow] = [await connect(), await connect()];
  await client.call(call(1));
  const release = entry.dispatcher.hold(2);
  const running = slow.call(call(2));
  await entry.dispatcher.heard(2);
  for (const nodes of [atEntry, atOwner]) nodes.read({ owner: 'owner', generation: 2 });
  const givingUp = entry.gateway.giveUpKeys();
  expect(numberOf(await client.call(call(3)))).toBe(3);
  expect(owner.dispatcher.calls.map(({ body }) => numberOf(body))).toEqual([3]);
  release();
  await running;
  await entry.clock.advance(50);
  await givingUp;
  await entry.clock.advance(6_000);
  await turns(3);
  expect(await isOpen(client)).toBe(true);
});

test('packets that a node has not taken when it ends are taken by the next owner, and the connection stays', async () => {
  const { entry, owner, atEntry, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  atOwner.read({ isSettled: false });
  const answer = client.call(call(2));
  await turns(20);
  atEntry.read({ owner: 'entry', generation: 2 });
  const leaving = owner.gateway.closeGradually(new AbortController().signal);
  await owner.clock.advance(2_000);
  await leaving;
  expect(numberOf(await answer)).toBe(2);
  expect(entry.dispatcher.calls.map(({ body }) => numberOf(body))).toEqual([2]);
  expect(await isOpen(client)).toBe(true);
});

test('when the link breaks, a connection with packets that were not taken is closed', async () => {
  const { atEntry, atOwner, connect } = await openPair();
  const [idle, waiting] = [await connect(), await connect()];
  await idle.call(call(1));
  atOwner.read({ isSettled: false });
  void waiting.call(call(2)).catch(() => {});
  await expect.poll(() => atEntry.generation).toBe(1);
  await turns(20);
  atOwner.breakLinks();
  await waiting.closed;
  expect(await isOpen(idle)).toBe(true);
});

test('a node that may not answer takes no packet and writes no answer', async () => {
  const { owner, atOwner, connect } = await openPair();
  const client = await connect();
  await client.call(call(1));
  const release = owner.dispatcher.hold(2);
  const answer = client.call(call(2));
  await owner.dispatcher.heard(2);
  atOwner.read({ mayWrite: false });
  const later = client.call(call(3));
  release();
  let answered = 0;
  for (const one of [answer, later]) void one.then(() => (answered += 1));
  await turns(20);
  await owner.clock.advance(2_000);
  await turns(20);
  expect(answered).toBe(0);
  expect(owner.dispatcher.calls).toHaveLength(2);
  atOwner.read({ mayWrite: true });
  await owner.clock.advance(2_000);
  expect([numberOf(await answer), numberOf(await later)]).toEqual([2, 3]);
});
