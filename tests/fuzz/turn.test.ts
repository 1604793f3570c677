import type { Random } from '@aerogram/runtime';
import { ATTRIBUTE, KIND, type Listener, longTermKey, METHOD, passwordOf, StreamFrames, StunMessage, StunWriter, TurnServer } from '@aerogram/turn';
import { describe, expect, it } from 'vitest';
import { below, fuzzIterations, fuzzRandom, memoryInUse, mutate, pick } from './mutation.ts';

const [SECRET, REALM, RELAY, USER] = ['secret', 'realm', '198.51.100.1', '2000000000:call'];
const KEY = longTermKey(USER, REALM, passwordOf(USER, SECRET));
const METHODS = Object.values(METHOD);
const TYPES = Object.values(ATTRIBUTE);
const PEERS = [{ address: '203.0.113.5', port: 7000 }, { address: RELAY, port: 50_000 }, { address: '10.0.0.1', port: 53 }, { address: '2001:db8::5', port: 1 }, { address: '203.0.113.5', port: 0 }];

/** A relay without sockets. */
class Stage {
  open = 0;
  /** Addresses to which something was sent. */
  readonly peers = new Set<string>();
  nowMs = 0;
  readonly #onData: ((data: Buffer, port: number, address: string) => void)[] = [];
  #lastPort = 50_000;
  readonly server = new TurnServer({
    secret: SECRET,
    realm: REALM,
    nonceKey: new Uint8Array(32),
    addresses: { 4: RELAY, 6: '2001:db8::1' },
    limits: { allocations: 50, strangerAnswersPerSecond: 1e6 },
    world: {
      nowMs: () => this.nowMs,
      unixNow: () => 1_900_000_000,
      allowsPeer: (address) => address === '203.0.113.5',
      openRelay: async (_wanted, onData) => {
        this.open += 1;
        this.#onData.push(onData);
        if (this.#onData.length > 100) this.#onData.shift();
        this.#lastPort = this.#lastPort === 59_999 ? 50_000 : this.#lastPort + 1;
        return {
          port: this.#lastPort,
          send: (_data, port, address) => {
            // As the system's sockets do.
            if (port < 1) throw new Error(`port ${port}`);
            this.peers.add(address);
          },
          close: () => void (this.open -= 1),
        };
      },
    },
  });

  hearPeer(random: Random): void {
    if (this.#onData.length > 0) pick(random, this.#onData)(Buffer.from(random.bytes(below(random, 1500))), 7000, '203.0.113.5');
  }
}

/** A message, mostly as clients send them. */
function write(random: Random, nonce: string): Buffer {
  const method = pick(random, METHODS);
  const writer = new StunWriter(method, below(random, 8) === 0 ? below(random, 4) : method === METHOD.send ? KIND.indication : KIND.request, random.bytes(12));
  if (below(random, 2) === 0) writer.add(ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0));
  if (below(random, 2) === 0) writer.addAddress(ATTRIBUTE.xorPeerAddress, pick(random, PEERS));
  if (below(random, 2) === 0) writer.addNumber(ATTRIBUTE.channelNumber, (0x3ffe + below(random, 8)) * 65_536);
  if (below(random, 4) === 0) writer.addNumber(ATTRIBUTE.lifetime, pick(random, [0, 1, 600, 2 ** 32 - 1]));
  if (below(random, 3) === 0) writer.add(ATTRIBUTE.data, random.bytes(below(random, 200)));
  for (let more = below(random, 4) === 0 ? 2 : 0; more > 0; more--) writer.add(below(random, 2) === 0 ? pick(random, TYPES) : below(random, 65_536), random.bytes(below(random, 30)));
  if (below(random, 8) > 0) writer.addText(ATTRIBUTE.username, below(random, 10) === 0 ? 'other' : USER).addText(ATTRIBUTE.realm, REALM).addText(ATTRIBUTE.nonce, nonce);
  return writer.finish(below(random, 10) === 0 ? undefined : KEY, below(random, 2) === 0);
}

function channelData(random: Random): Buffer {
  const data = random.bytes(below(random, 300));
  const packet = Buffer.alloc(4 + data.length);
  packet.writeUInt16BE(0x3ffe + below(random, 8), 0);
  packet.writeUInt16BE(below(random, 6) === 0 ? below(random, 65_536) : data.length, 2);
  packet.set(data, 4);
  return packet;
}

describe('the relay of calls', () => {
  it('survives arbitrary packets, keeps to its limits, and serves others', async () => {
    const random = fuzzRandom('turn');
    const stage = new Stage();
    let nonce = '';
    const listeners = [false, true].map((isStream): Listener => ({
      isStream,
      send(packet) {
        const message = packet[0]! < 0x40 ? StunMessage.parse(packet) : undefined;
        // Whatever goes out is well formed.
        if (packet[0]! < 0x40) expect(message).toBeDefined();
        nonce = message?.findText(ATTRIBUTE.nonce, 99) ?? nonce;
      },
    }));
    const rounds = fuzzIterations(20_000);
    const half = Math.floor(rounds / 2);
    let before = 0;
    for (let round = 0; round < rounds; round++) {
      const packet = pick(random, [write, channelData, (source: Random) => Buffer.from(source.bytes(below(source, 100)))])(random, nonce);
      const bytes = below(random, 3) === 0 ? Buffer.from(mutate(random, packet)) : packet;
      const listener = pick(random, listeners);
      stage.server.receive(bytes, 4000 + below(random, 6), '192.0.2.9', listener);
      if (below(random, 10) === 0) stage.hearPeer(random);
      if (below(random, 5) === 0) {
        // Lets sockets open.
        await Promise.resolve();
        stage.nowMs += below(random, 400);
      }
      if (below(random, 50) === 0) stage.server.sweep();
      if (below(random, 1000) === 0) stage.server.forget(listener);
      if (round === half) before = memoryInUse();
    }
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect([...stage.peers]).toEqual(['203.0.113.5']);
    expect(stage.server.allocations).toBeLessThanOrEqual(50);
    // The walk has come to what only those get to who know the password.
    expect(stage.server.counts).toMatchObject({ made: expect.toSatisfy((count: number) => count > 10), packetsOut: expect.toSatisfy((count: number) => count > 10) });
    expect(memoryInUse()).toBeLessThan(before + 20 * 1024 * 1024);
    stage.server.close();
    expect([stage.server.allocations, stage.open]).toEqual([0, 0]);
  });

  it('cuts arbitrary streams without holding more than one message', () => {
    const random = fuzzRandom('turn-stream');
    for (let round = fuzzIterations(2000, 5); round > 0; round--) {
      const frames = new StreamFrames();
      for (let chunks = below(random, 20); chunks > 0; chunks--) {
        const packet = pick(random, [(): Buffer => write(random, ''), (): Buffer => channelData(random)])();
        const found = frames.push(Buffer.from(below(random, 4) === 0 ? mutate(random, packet) : packet));
        if (found === undefined) break;
        for (const frame of found) StunMessage.parse(frame);
      }
    }
  });
});
