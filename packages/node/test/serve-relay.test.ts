import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ATTRIBUTE, KIND, METHOD } from '@aerogram/turn';
import { afterEach, describe, expect, it } from 'vitest';

import { serveRelay, type ServedRelay } from '../src/calls/serve-relay.ts';
import { TurnClient } from './turn-client.ts';

const SECRET = 'secret of a test';
const ANY = { from: 0, to: 0 };

let relay: ServedRelay | undefined;
afterEach(async () => {
  await relay?.[Symbol.asyncDispose]();
  relay = undefined;
});

const start = async (change: Partial<Parameters<typeof serveRelay>[0]> = {}): Promise<ServedRelay> =>
  (relay = await serveRelay({ listen: { host: '127.0.0.1', port: 0 }, relayPorts: ANY, addresses: { 4: '127.0.0.1' }, secret: SECRET, isLocalOnly: true, ...change }));

describe('the relay of calls', () => {
  for (const over of ['udp', 'tcp'] as const) {
    it(`leads two clients to each other over ${over}`, async () => {
      const { port } = await start();
      using alice = await TurnClient.open(port, { secret: SECRET, over });
      using bob = await TurnClient.open(port, { secret: SECRET, over });
      const [ofAlice, ofBob] = [await alice.allocate(), await bob.allocate()];
      expect(await alice.bind(0x4000, ofBob)).toBe(true);
      expect(await bob.bind(0x4001, ofAlice)).toBe(true);
      alice.say(0x4000, 'hello');
      expect(await bob.hears()).toBe('hello');
      bob.say(0x4001, 'good morning to you');
      expect(await alice.hears()).toBe('good morning to you');
      expect(relay!.allocations()).toBe(2);
    });
  }

  it('leads a client to a peer that has no relay, and back', async () => {
    const { port } = await start();
    using client = await TurnClient.open(port, { secret: SECRET });
    const peer = createSocket('udp4').bind(0, '127.0.0.1');
    await once(peer, 'listening');
    const relayed = await client.allocate();
    expect(await client.bind(0x4000, { address: '127.0.0.1', port: peer.address().port })).toBe(true);
    client.say(0x4000, 'hello');
    const [data, from] = (await once(peer, 'message')) as [Buffer, { port: number }];
    expect([data.toString(), from.port]).toEqual(['hello', relayed.port]);
    peer.send('hi', relayed.port, relayed.address);
    expect(await client.hears()).toBe('hi');
    peer.close();
  });

  it('leads nobody into the machine or its network when strangers can reach it', async () => {
    const { port } = await start({ isLocalOnly: false });
    using client = await TurnClient.open(port, { secret: SECRET });
    using other = await TurnClient.open(port, { secret: SECRET });
    await client.allocate();
    for (const address of ['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '224.0.0.1', '0.0.0.0', '100.64.0.1']) {
      expect(await client.bind(0x4000, { address, port: 5300 }), address).toBe(false);
    }
    expect(await client.bind(0x4000, { address: '8.8.8.8', port: 5300 })).toBe(true);
    expect(await client.bind(0x4001, await other.allocate())).toBe(true);
  });

  it('takes ports of its range, refuses when they are used up, and gives them back', async () => {
    // Ports that were free a moment ago.
    const probe = createSocket('udp4').bind(0, '127.0.0.1');
    await once(probe, 'listening');
    const from = probe.address().port;
    probe.close();
    await once(probe, 'close');
    const { port } = await start({ relayPorts: { from, to: from } });
    using first = await TurnClient.open(port, { secret: SECRET });
    using second = await TurnClient.open(port, { secret: SECRET });
    expect((await first.allocate()).port).toBe(from);
    const refused = await second.ask(METHOD.allocate, (writer) => writer.add(ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0)));
    expect(refused.kind).toBe(KIND.error);
    await first.ask(METHOD.refresh, (writer) => writer.addNumber(ATTRIBUTE.lifetime, 0));
    expect((await second.allocate()).port).toBe(from);
  });

  it('ends what belongs to a TCP connection with it, and closes connections that are none of TURN', async () => {
    const { port } = await start();
    const client = await TurnClient.open(port, { secret: SECRET, over: 'tcp' });
    using other = await TurnClient.open(port, { secret: SECRET });
    await client.allocate();
    client[Symbol.dispose]();
    await expect.poll(() => relay!.allocations()).toBe(0);
    const stranger = connect(port, '127.0.0.1');
    stranger.write('GET / HTTP/1.1\r\n\r\n');
    stranger.resume();
    await once(stranger, 'close');
    expect((await other.ask(METHOD.binding)).kind).toBe(KIND.success);
  });

  it('takes 64 connections from one address', async () => {
    const { port } = await start();
    const sockets = Array.from({ length: 65 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const first = await Promise.race(sockets.map((socket) => once(socket, 'close').then(() => socket)));
    expect(sockets.filter(({ closed }) => closed)).toEqual([first]);
    for (const socket of sockets) socket.destroy();
  });

  it('has both ports or none', async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1');
    await once(taken, 'listening');
    await expect(start({ listen: { host: '127.0.0.1', port: taken.address().port } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
  });
});
