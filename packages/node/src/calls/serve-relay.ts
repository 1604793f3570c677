import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { BlockList, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { networkOf, readAddress } from '@aerogram/runtime';
import { type Family, type Listener, StreamFrames, type TurnCounts, TurnServer, type TurnWorld } from '@aerogram/turn';
import { createAddressGuard, listOwnAddresses, listOwnNetworks } from '@aerogram/web-fetch';

import type { RelayStart } from './relay-messages.ts';

/** Only names it in challenges; clients send it back. */
const REALM = 'aerogram';

const SWEEP_MS = 1000;
/** A TCP connection without an allocation is closed after this time, in milliseconds. */
const IDLE_MS = 30_000;

const CONNECTIONS_MAX = 2000;
/** The same for one IPv4 address or IPv6 network: the calls of a household or an office. */
const CONNECTIONS_PER_PLACE = 64;
/** What waits to be written to a TCP connection; packets that come after it are lost. */
const WAITING_MAX = 256 * 1024;
/** A burst of many calls must fit into it while the process does something else. The system may give less. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** How often a port is looked for that is free over UDP and over TCP. */
const PORT_TRIES = 20;

const ANY: Readonly<Record<Family, string>> = { 4: '0.0.0.0', 6: '::' };

/** A relay that listens. */
export interface ServedRelay extends AsyncDisposable {
  readonly port: number;
  /** Allocations that there are now. */
  allocations(): number;
  counts(): TurnCounts;
}

type RelayOptions = Omit<RelayStart, 'kind'>;

/**
 * Opens the relay of calls: STUN and TURN over UDP and TCP on one port.
 * @throws the error of the system when the port cannot be opened
 */
export async function serveRelay(options: RelayOptions): Promise<ServedRelay> {
  const { addresses, secret, isLocalOnly, listen } = options;
  const mayReach = isLocalOnly ? () => true : guardPeers(Object.values(addresses).filter((address) => address !== undefined));
  const server = new TurnServer({
    secret,
    realm: REALM,
    nonceKey: randomBytes(32),
    addresses: { ...(addresses[4] !== undefined && { 4: addresses[4] }), ...(addresses[6] !== undefined && { 6: addresses[6] }) },
    world: {
      nowMs: () => performance.now(),
      unixNow: () => Math.floor(Date.now() / 1000),
      allowsPeer: mayReach,
      openRelay: relayOpener(options),
    },
  });
  const { port, close, sweep } = await listenBoth(server, listen);
  const timer = setInterval(() => {
    server.sweep();
    sweep();
  }, SWEEP_MS);
  return {
    port,
    allocations: () => server.allocations,
    counts: () => ({ ...server.counts }),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      server.close();
      await close();
    },
  };
}

/** How long what is known of this machine's addresses is used, in milliseconds. */
const OWN_KEPT_MS = 30_000;

/**
 * Whether a relay may send to an address: to public ones, but neither to this machine nor to its neighbours, which may trust whatever comes from it.
 * @param own addresses of this machine that its interfaces need not have, such as those of a router in front of it
 */
function guardPeers(own: readonly string[]): (address: string) => boolean {
  let readMs = -Infinity;
  let addresses: string[] = [];
  let neighbours = new BlockList();
  const refresh = (): void => {
    const now = performance.now();
    if (now - readMs < OWN_KEPT_MS) return;
    readMs = now;
    addresses = [...listOwnAddresses(), ...own];
    neighbours = listOwnNetworks();
  };
  const isPublic = createAddressGuard({ allowed: [], own: () => addresses });
  return (address) => {
    refresh();
    return isPublic(address) && !neighbours.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
}

interface Ports {
  port: number;
  sweep(): void;
  close(): Promise<void>;
}

/** Listens over TCP and UDP on the same port. */
async function listenBoth(server: TurnServer, { host, port: wanted }: RelayOptions['listen']): Promise<Ports> {
  for (let tries = 1; ; tries++) {
    const tcp = serveTcp(server);
    const sockets: UdpSocket[] = [];
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.close();
      await tcp.close();
    };
    try {
      const port = await tcp.listen(host, wanted);
      // One socket for each family: one for both would name IPv4 addresses otherwise than everybody else.
      for (const address of host === ANY[6] ? [ANY[6], ANY[4]] : [host]) sockets.push(await serveUdp(server, address, port));
      return { port, sweep: () => tcp.sweep(), close };
    } catch (error) {
      await close();
      if (wanted !== 0 || tries === PORT_TRIES || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** Opens a UDP socket. Addresses are never names, so nothing is looked up. */
async function bindUdp(address: string, port: number): Promise<UdpSocket> {
  const family = isIPv6(address) ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    lookup: (hostname, _options, callback) => callback(null, hostname, family),
  });
  const bound = once(socket, 'listening');
  socket.bind({ address, port, exclusive: true });
  try {
    await bound;
  } catch (error) {
    socket.close();
    throw error;
  }
  // Such as a message of a router that a peer is not there.
  socket.on('error', () => {});
  return socket;
}

/** Takes a packet. One that cannot be taken must not end the calls of all others; the error may hold an address, so it is not logged. */
function dropIfBad(server: TurnServer, take: () => void): void {
  try {
    take();
  } catch {
    server.counts.dropped += 1;
  }
}

async function serveUdp(server: TurnServer, address: string, port: number): Promise<UdpSocket> {
  const socket = await bindUdp(address, port);
  try {
    socket.setRecvBufferSize(BUFFER_BYTES);
    socket.setSendBufferSize(BUFFER_BYTES);
  } catch {
    // The system's own size must do.
  }
  const listener: Listener = { isStream: false, send: (packet, to, client) => socket.send(packet, to, client) };
  socket.on('message', (packet, from) => dropIfBad(server, () => server.receive(packet, from.port, from.address, listener)));
  return socket;
}

interface TcpPort {
  listen(host: string, port: number): Promise<number>;
  sweep(): void;
  close(): Promise<void>;
}

function serveTcp(server: TurnServer): TcpPort {
  const connections = new Map<Socket, { listener: Listener; sinceMs: number }>();
  const perPlace = new Map<string, number>();
  const tcp: Server = createServer((socket) => {
    const { remoteAddress, remotePort } = socket;
    // A socket for both families names IPv4 addresses within IPv6; a zone means nothing to others.
    const address = readAddress(remoteAddress ?? '');
    if (address === undefined || remotePort === undefined) return void socket.destroy();
    const place = networkOf(address);
    const there = perPlace.get(place) ?? 0;
    if (there >= CONNECTIONS_PER_PLACE) return void socket.destroy();
    perPlace.set(place, there + 1);
    socket.setNoDelay(true);
    const frames = new StreamFrames();
    const listener: Listener = {
      isStream: true,
      send(packet) {
        if (socket.writable && socket.writableLength < WAITING_MAX) socket.write(packet);
      },
    };
    connections.set(socket, { listener, sinceMs: performance.now() });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      connections.delete(socket);
      const left = perPlace.get(place)! - 1;
      if (left === 0) perPlace.delete(place);
      else perPlace.set(place, left);
      server.forget(listener);
    });
    socket.on('data', (chunk) => {
      const packets = frames.push(chunk);
      if (packets === undefined) socket.destroy();
      else for (const packet of packets) dropIfBad(server, () => server.receive(packet, remotePort, address, listener));
    });
  });
  tcp.maxConnections = CONNECTIONS_MAX;
  return {
    async listen(host, port) {
      const listening = once(tcp, 'listening');
      tcp.listen({ host, port, exclusive: true });
      await listening;
      tcp.on('error', () => {});
      return (tcp.address() as { port: number }).port;
    },
    sweep() {
      const since = performance.now() - IDLE_MS;
      for (const [socket, { listener, sinceMs }] of connections) if (sinceMs < since && !server.serves(listener)) socket.destroy();
    },
    async close() {
      for (const socket of connections.keys()) socket.destroy();
      if (!tcp.listening) return;
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

/** Opens sockets of relayed calls on ports of the range, beginning anywhere in it: ports that are easy to guess help whoever sends junk. */
function relayOpener({ relayPorts, listen }: RelayOptions): TurnWorld['openRelay'] {
  const { from, to } = relayPorts;
  const used = new Set<number>();
  const bindAny = async (address: string, isEven: boolean): Promise<UdpSocket | undefined> => {
    for (let tries = 0; tries < PORT_TRIES; tries++) {
      const socket = await bindUdp(address, 0).catch(() => undefined);
      if (socket === undefined || !isEven || socket.address().port % 2 === 0) return socket;
      socket.close();
    }
    return undefined;
  };
  const bindInRange = async (address: string, isEven: boolean): Promise<UdpSocket | undefined> => {
    const count = to - from + 1;
    const first = randomInt(count);
    for (let step = 0; step < count; step++) {
      const port = from + ((first + step) % count);
      if (used.has(port) || (isEven && port % 2 === 1)) continue;
      used.add(port);
      try {
        return await bindUdp(address, port);
      } catch {
        // Another program has it.
        used.delete(port);
      }
    }
    return undefined;
  };
  return async ({ family, isEven }, onData) => {
    const isGiven = (isIPv6(listen.host) ? 6 : 4) === family;
    const socket = await (from === 0 ? bindAny : bindInRange)(isGiven ? listen.host : ANY[family], isEven);
    if (socket === undefined) return undefined;
    const { port } = socket.address();
    socket.on('message', (data, { port: peer, address }) => onData(data, peer, address));
    return {
      port,
      send: (data, peer, address) => socket.send(data, peer, address),
      close() {
        used.delete(port);
        socket.close();
      },
    };
  };
}
