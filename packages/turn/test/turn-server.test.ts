import { describe, expect, it } from 'vitest';

import { ATTRIBUTE, KIND, METHOD, StunMessage, StunWriter } from '../src/index.ts';
import { channelData, codeOf, newTransaction, PEER, RELAY, Stage, START_S } from './turn-stage.ts';

describe('a question for the own address', () => {
  it('is answered without a password', () => {
    const client = new Stage().client();
    client.give(new StunWriter(METHOD.binding, KIND.request, newTransaction()).finish(undefined, true));
    const answer = StunMessage.parse(client.got[0]!)!;
    expect(answer.listAddresses(ATTRIBUTE.xorMappedAddress)).toEqual([{ address: '192.0.2.44', port: 4000 }]);
    expect(answer.hasFingerprint).toBe(true);
  });

  it('is answered so often a second for one address', () => {
    const stage = new Stage({ strangerAnswersPerSecond: 5 });
    const client = stage.client();
    for (let n = 0; n < 100; n++) client.give(new StunWriter(METHOD.binding, KIND.request, newTransaction()).finish());
    expect(client.got).toHaveLength(10);
    stage.nowMs += 1000;
    for (let n = 0; n < 100; n++) client.give(new StunWriter(METHOD.allocate, KIND.request, newTransaction()).finish());
    expect(client.got).toHaveLength(15);
  });
});

describe('credentials', () => {
  it('are asked for with a realm and a nonce, and taken then', async () => {
    const client = new Stage().client();
    client.give(new StunWriter(METHOD.allocate, KIND.request, newTransaction()).finish());
    const first = StunMessage.parse(client.got[0]!)!;
    expect(codeOf(first)).toBe(401);
    expect(first.findText(ATTRIBUTE.realm, 99)).toBe('calls.test');
    client.nonce = first.findText(ATTRIBUTE.nonce, 99)!;
    const answer = (await client.allocate())!;
    expect(codeOf(answer)).toBe(0);
    expect(answer.listAddresses(ATTRIBUTE.xorRelayedAddress)).toEqual([{ address: RELAY, port: 50_000 }]);
    expect(answer.findNumber(ATTRIBUTE.lifetime)).toBe(600);
    expect(answer.isSignedWith(client.key)).toBe(true);
  });

  it('are refused with another password, after their time, and in another form', async () => {
    const stage = new Stage();
    for (const user of [`${START_S - 1}:abc`, 'abc', ':abc', `${START_S + 99}`, `${START_S + 99}:${'x'.repeat(90)}`]) {
      const client = stage.client(4000, user);
      expect(codeOf(await client.allocate()), user).toBe(401);
    }
    const client = stage.client();
    client.key = Buffer.alloc(16);
    expect(codeOf(await client.allocate())).toBe(401);
    expect(stage.relays).toEqual([]);
  });

  it('need a fresh nonce of this server, for this address', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.allocate();
    const other = new Stage().client();
    other.nonce = client.nonce.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(codeOf(await other.ask(METHOD.refresh))).toBe(438);
    stage.nowMs += 590_000;
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(0);
    stage.nowMs += 20_000;
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(438);
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(0);
  });
});

describe('an allocation', () => {
  it('is made once for a request that is repeated, and refused to another one', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.learnNonce();
    const transaction = newTransaction();
    const add = (writer: StunWriter): StunWriter => writer.add(ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0));
    const [first] = [await client.ask(METHOD.allocate, add, transaction)];
    const again = await client.ask(METHOD.allocate, add, transaction);
    expect(again!.packet).toEqual(first!.packet);
    expect(codeOf(await client.allocate())).toBe(437);
    expect(stage.relays).toHaveLength(1);
  });

  it('says what is wrong with a request', async () => {
    const client = new Stage().client();
    await client.learnNonce();
    expect(codeOf(await client.ask(METHOD.allocate))).toBe(400);
    expect(codeOf(await client.ask(METHOD.allocate, (writer) => writer.add(ATTRIBUTE.requestedTransport, Uint8Array.of(6, 0, 0, 0))))).toBe(442);
    expect(codeOf(await client.allocate((writer) => writer.add(ATTRIBUTE.requestedAddressFamily, Uint8Array.of(9, 0, 0, 0))))).toBe(440);
    const unknown = await client.allocate((writer) => writer.add(0x001a, new Uint8Array()));
    expect(codeOf(unknown)).toBe(420);
    expect(unknown!.find(ATTRIBUTE.unknownAttributes)).toEqual(Buffer.from([0x00, 0x1a]));
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(437);
    // A port of a pair cannot be kept; an even one alone can be had.
    expect(codeOf(await client.allocate((writer) => writer.add(ATTRIBUTE.evenPort, Uint8Array.of(0x80))))).toBe(508);
    expect(codeOf(await client.allocate((writer) => writer.add(ATTRIBUTE.evenPort, Uint8Array.of(0))))).toBe(0);
  });

  it('has an IPv6 address if that is asked for', async () => {
    const client = new Stage().client();
    const answer = await client.allocate((writer) => writer.add(ATTRIBUTE.requestedAddressFamily, Uint8Array.of(2, 0, 0, 0)));
    expect(answer!.listAddresses(ATTRIBUTE.xorRelayedAddress)).toEqual([{ address: '2001:db8::1', port: 50_000 }]);
    expect(codeOf(await client.permit(PEER))).toBe(443);
    expect(codeOf(await client.permit({ address: '2001:db8::5', port: 1 }))).toBe(0);
  });

  it('ends after ten minutes, earlier if that is asked for, and later if it is asked for again', async () => {
    const stage = new Stage();
    const [client, other] = [stage.client(4000), stage.client(4001)];
    await client.allocate((writer) => writer.addNumber(ATTRIBUTE.lifetime, 3600));
    await other.allocate();
    stage.nowMs += 599_000;
    stage.server.sweep();
    expect(stage.server.allocations).toBe(2);
    expect((await other.ask(METHOD.refresh))!.findNumber(ATTRIBUTE.lifetime)).toBe(600);
    stage.nowMs += 2000;
    stage.server.sweep();
    expect(stage.relays.map(({ isOpen }) => isOpen)).toEqual([false, true]);
    // The nonce is stale by now.
    await other.ask(METHOD.refresh, (writer) => writer.addNumber(ATTRIBUTE.lifetime, 0));
    expect(codeOf(await other.ask(METHOD.refresh, (writer) => writer.addNumber(ATTRIBUTE.lifetime, 0)))).toBe(0);
    expect(stage.relays.map(({ isOpen }) => isOpen)).toEqual([false, false]);
    expect(stage.server.allocations).toBe(0);
  });

  it('is one of eight of a user name, and of so many in all', async () => {
    const stage = new Stage({ allocations: 10 });
    const codes = async (user: string, from: number): Promise<(number | undefined)[]> => {
      const all: (number | undefined)[] = [];
      for (let port = from; port < from + 9; port++) all.push(codeOf(await stage.client(port, user).allocate()));
      return all;
    };
    expect(await codes(`${START_S + 99}:a`, 4000)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 486]);
    expect(await codes(`${START_S + 99}:b`, 5000)).toEqual([0, 0, 508, 508, 508, 508, 508, 508, 508]);
    stage.server.close();
    expect(stage.server.allocations).toBe(0);
    stage.freePorts = 0;
    expect(codeOf(await stage.client(6000).allocate())).toBe(508);
    expect(stage.server.allocations).toBe(0);
  });

  it('belongs to one user name', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.allocate();
    const other = stage.client(4000, `${START_S + 99}:other`);
    client.username = other.username;
    client.key = other.key;
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(441);
  });

  it('ends with the connection of its client', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.allocate();
    expect(stage.server.serves(client)).toBe(true);
    stage.server.forget(client);
    expect(stage.server.serves(client)).toBe(false);
    expect(stage.relays[0]!.isOpen).toBe(false);
  });
});

describe('what is passed on', () => {
  it('goes to and comes from peers with a permission, until it ends', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.allocate();
    client.sendTo(PEER, 'too early');
    expect(codeOf(await client.permit(PEER))).toBe(0);
    client.sendTo(PEER, 'hello');
    expect(stage.toPeers).toEqual([{ ...PEER, data: 'hello', from: 50_000 }]);
    const before = client.got.length;
    stage.relays[0]!.onData(Buffer.from('stranger'), 1, '203.0.113.99');
    stage.relays[0]!.onData(Buffer.from('hi'), 7001, PEER.address);
    expect(client.got).toHaveLength(before + 1);
    const indication = StunMessage.parse(client.got.at(-1)!)!;
    expect(indication).toMatchObject({ method: METHOD.data, kind: KIND.indication });
    expect(indication.listAddresses(ATTRIBUTE.xorPeerAddress)).toEqual([{ address: PEER.address, port: 7001 }]);
    expect(indication.findText(ATTRIBUTE.data, 9)).toBe('hi');
    stage.nowMs += 300_001;
    client.sendTo(PEER, 'too late');
    stage.relays[0]!.onData(Buffer.from('too late'), 7000, PEER.address);
    expect(stage.toPeers).toHaveLength(1);
    expect(client.got).toHaveLength(before + 1);
  });

  it('goes by channels', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.allocate();
    client.sendBy(0x4000, 'too early');
    expect(codeOf(await client.bind(0x4000, PEER))).toBe(0);
    client.sendBy(0x4000, 'hello');
    client.give(channelData(0x4000, 'cut off').subarray(0, 9));
    expect(stage.toPeers).toEqual([{ ...PEER, data: 'hello', from: 50_000 }]);
    stage.relays[0]!.onData(Buffer.from('hi'), PEER.port, PEER.address);
    expect(client.got.at(-1)).toEqual(channelData(0x4000, 'hi'));
    // The permission for the address holds for its other ports, too.
    stage.relays[0]!.onData(Buffer.from('hi'), 1, PEER.address);
    expect(StunMessage.parse(client.got.at(-1)!)!.method).toBe(METHOD.data);
    expect(codeOf(await client.bind(0x4000, { ...PEER, port: 7001 }))).toBe(400);
    expect(codeOf(await client.bind(0x4001, PEER))).toBe(400);
    expect(codeOf(await client.bind(0x3fff, PEER))).toBe(400);
    expect(codeOf(await client.bind(0x7fff, PEER))).toBe(400);
    // The channel lives ten minutes, its permission five.
    stage.nowMs += 300_001;
    client.sendBy(0x4000, 'too late');
    expect(stage.toPeers).toHaveLength(1);
    expect(codeOf(await client.bind(0x4000, PEER))).toBe(0);
    client.sendBy(0x4000, 'again');
    expect(stage.toPeers).toHaveLength(2);
  });

  it('never goes to closed addresses, but to the relayed addresses of this relay', async () => {
    const stage = new Stage();
    const [client, other] = [stage.client(4000), stage.client(4001)];
    await client.allocate();
    await other.allocate();
    for (const address of ['10.0.0.1', '2001:db8::9']) expect(codeOf(await client.permit(PEER, { address, port: 1 })), address).toBe(address.includes(':') ? 443 : 403);
    expect(codeOf(await client.bind(0x4000, { address: '10.0.0.1', port: 7001 }))).toBe(403);
    // One wrong address spoils the whole request.
    client.sendTo(PEER, 'no');
    const own = (port: number): { address: string; port: number } => ({ address: RELAY, port });
    expect(codeOf(await client.permit(own(1)))).toBe(0);
    expect(codeOf(await client.bind(0x4000, own(5432)))).toBe(403);
    client.sendTo(own(5432), 'to the database');
    expect(codeOf(await client.bind(0x4000, own(50_001)))).toBe(0);
    expect(codeOf(await other.bind(0x4001, own(50_000)))).toBe(0);
    client.sendBy(0x4000, 'hello');
    expect(other.got.at(-1)).toEqual(channelData(0x4001, 'hello'));
    stage.server.forget(other);
    client.sendBy(0x4000, 'to nobody');
    expect(stage.toPeers).toEqual([]);
  });

  it('is limited in bytes a second, in both directions', async () => {
    const stage = new Stage({ bytesPerSecond: 1000 });
    const client = stage.client();
    await client.allocate();
    await client.bind(0x4000, PEER);
    const before = client.got.length;
    for (let n = 0; n < 30; n++) {
      client.sendBy(0x4000, 'x'.repeat(100));
      stage.relays[0]!.onData(Buffer.alloc(100), PEER.port, PEER.address);
    }
    expect(stage.toPeers).toHaveLength(10);
    expect(client.got).toHaveLength(before + 10);
    stage.nowMs += 500;
    for (let n = 0; n < 30; n++) client.sendBy(0x4000, 'x'.repeat(100));
    expect(stage.toPeers).toHaveLength(15);
    expect(stage.server.counts.dropped).toBe(20 + 20 + 25);
  });

  it('is limited in bytes for all allocations of a user name, until its password ends', async () => {
    const stage = new Stage({ bytesPerUser: 1000 });
    const [one, two] = [stage.client(4000), stage.client(4001)];
    for (const client of [one, two]) {
      await client.allocate();
      await client.bind(0x4000, PEER);
      for (let n = 0; n < 8; n++) client.sendBy(0x4000, 'x'.repeat(100));
    }
    expect(stage.toPeers).toHaveLength(10);
    // Another allocation changes nothing.
    const three = stage.client(4002);
    await three.allocate();
    await three.bind(0x4000, PEER);
    three.sendBy(0x4000, 'x'.repeat(100));
    expect(stage.toPeers).toHaveLength(10);
  });

  it('makes room for a device that has changed its network: the one that has been silent for long ends', async () => {
    const stage = new Stage({ allocationsPerUser: 2, silentMs: 30_000 });
    const [left, busy, moved] = [stage.client(4000), stage.client(4001), stage.client(4002)];
    await left.allocate();
    await busy.allocate();
    await busy.bind(0x4000, PEER);
    expect(codeOf(await moved.allocate())).toBe(486);
    stage.nowMs += 30_000;
    busy.sendBy(0x4000, 'here');
    expect(codeOf(await moved.allocate())).toBe(0);
    expect(stage.relays.map(({ isOpen }) => isOpen)).toEqual([false, true, true]);
  });

  it('has so many peers and channels', async () => {
    const stage = new Stage({ peersPerAllocation: 3 });
    const client = stage.client();
    await client.allocate();
    const peer = (n: number): { address: string; port: number } => ({ address: `203.0.113.${n}`, port: 7000 });
    expect(codeOf(await client.permit(peer(1), peer(2), peer(3)))).toBe(0);
    expect(codeOf(await client.permit(peer(4)))).toBe(508);
    for (const [at, port] of [7000, 7001, 7002].entries()) expect(codeOf(await client.bind(0x4000 + at, { ...peer(1), port }))).toBe(0);
    expect(codeOf(await client.bind(0x4009, { ...peer(1), port: 7009 }))).toBe(508);
    stage.nowMs += 300_001;
    expect(codeOf(await client.permit(peer(4)))).toBe(0);
  });
});

describe('what would harm others', () => {
  it('is not answered at port 0, nor at an address with a zone', () => {
    const stage = new Stage();
    const got: Buffer[] = [];
    const listener = { isStream: false, send: (packet: Buffer) => void got.push(packet) };
    const question = new StunWriter(METHOD.binding, KIND.request, newTransaction()).finish();
    stage.server.receive(question, 0, '192.0.2.44', listener);
    stage.server.receive(question, 4000, 'fe80::1%eth0', listener);
    expect(got).toEqual([]);
    stage.server.receive(question, 4000, 'fe80::1', listener);
    expect(got).toHaveLength(1);
  });

  it('is not sent to ports of services', async () => {
    const stage = new Stage();
    const client = stage.client();
    await client.allocate();
    const [service, none] = [{ ...PEER, port: 53 }, { ...PEER, port: 0 }];
    // A permission is for the address.
    expect(codeOf(await client.permit(none))).toBe(0);
    for (const peer of [service, none]) {
      expect(codeOf(await client.ask(METHOD.channelBind, (writer) => writer.addNumber(ATTRIBUTE.channelNumber, 0x4000_0000).addAddress(ATTRIBUTE.xorPeerAddress, peer)))).toBe(403);
      client.give(new StunWriter(METHOD.send, KIND.indication, newTransaction()).addAddress(ATTRIBUTE.xorPeerAddress, peer).add(ATTRIBUTE.data, Buffer.from('x')).finish());
    }
    expect(stage.toPeers).toEqual([]);
    client.give(new StunWriter(METHOD.send, KIND.indication, newTransaction()).addAddress(ATTRIBUTE.xorPeerAddress, PEER).add(ATTRIBUTE.data, Buffer.from('x')).finish());
    expect(stage.toPeers).toHaveLength(1);
  });

  it('has no more allocations from one place, whatever the user name', async () => {
    const stage = new Stage({ allocationsPerPlace: 3 });
    const codes: (number | undefined)[] = [];
    for (let n = 0; n < 5; n++) codes.push(codeOf(await stage.client(4000 + n, `${START_S + 86_400}:call${n}`).allocate()));
    expect(codes).toEqual([0, 0, 0, 486, 486]);
  });
});
