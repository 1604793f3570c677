import { networkOf } from '@aerogram/runtime';

import { Allocation, type ByteQuota, CHANNEL_MAX, CHANNEL_MIN, keyOf } from './allocation.ts';
import { type Asked, Authority } from './authority.ts';
import { endOfUser } from './credentials.ts';
import { ATTRIBUTE, type ErrorCode, KIND, METHOD } from './stun-constants.ts';
import { isTransaction, StunMessage } from './stun-message.ts';
import { StunWriter } from './stun-writer.ts';
import { type Family, familyOf, type TransportAddress } from './transport-address.ts';
import { type Listener, TURN_LIMITS, type TurnCounts, type TurnLimits, type TurnOptions } from './turn-types.ts';

const UDP = 17;
/** Shortest life of an allocation that a client can ask for, in seconds. */
const LIFETIME_MIN_S = 60;
/** Lowest port of a peer. */
const PEER_PORT_MIN = 1024;
/** Attributes of requests that are understood. */
const KNOWN: ReadonlySet<number> = new Set([
  ATTRIBUTE.username, ATTRIBUTE.messageIntegrity, ATTRIBUTE.realm, ATTRIBUTE.nonce, ATTRIBUTE.channelNumber, ATTRIBUTE.lifetime, ATTRIBUTE.xorPeerAddress, ATTRIBUTE.data,
  ATTRIBUTE.requestedAddressFamily, ATTRIBUTE.requestedTransport, ATTRIBUTE.evenPort,
]);
/** The same for Binding requests: ICE checks connections by such requests, with two attributes of its own. */
const KNOWN_IN_BINDING: ReadonlySet<number> = new Set([...KNOWN, ATTRIBUTE.priority, ATTRIBUTE.useCandidate]);

/** A STUN server and TURN relay for UDP peers (RFC 8489, RFC 8656), without sockets and timers of its own. */
export class TurnServer {
  readonly counts: TurnCounts = { made: 0, refused: 0, packetsIn: 0, packetsOut: 0, bytes: 0, dropped: 0 };
  readonly #options: TurnOptions;
  readonly #limits: TurnLimits;
  readonly #authority: Authority;
  /** By listener, then by client. */
  readonly #clients = new Map<Listener, Map<string, Allocation | 'pending'>>();
  /** By the relayed port, for each family. */
  readonly #relayed: Record<Family, Map<number, Allocation>> = { 4: new Map(), 6: new Map() };
  /** Allocations by user name, and by where the client is. */
  readonly #perUser = new Map<string, number>();
  readonly #perPlace = new Map<string, number>();
  /** What user names may still pass on, until their passwords end. */
  readonly #quotas = new Map<string, ByteQuota>();
  #size = 0;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#limits = { ...TURN_LIMITS, ...options.limits };
    this.#authority = new Authority(options, this.#limits);
  }

  /** Allocations that there are now. */
  get allocations(): number {
    return this.#size;
  }

  /** Takes one packet of a client; what is neither STUN nor channel data is dropped. */
  receive(packet: Buffer, port: number, address: string, listener: Listener): void {
    const first = packet[0];
    // Nothing can be answered at port 0, and the zone of an address means nothing to others.
    if (first === undefined || first >= 0x80 || port === 0 || address.includes('%')) return;
    const found = this.#clients.get(listener)?.get(keyOf(address, port));
    const allocation = found === 'pending' ? undefined : found;
    if (first >= 0x40) return allocation?.passChannelData(packet);
    const message = StunMessage.parse(packet);
    if (message === undefined) return;
    const client = { address, port };
    if (message.kind === KIND.indication) return message.method === METHOD.send && allocation ? this.#passIndication(message, allocation) : undefined;
    if (message.kind !== KIND.request) return;
    if (message.method === METHOD.binding) return this.#answerBinding(message, client, listener);
    // A repeated request whose first copy is being worked on.
    if (found === 'pending') return;
    this.#answer({ message, client, listener }, allocation);
  }

  /** The connection of a client has ended, and with it its allocation. */
  forget(listener: Listener): void {
    for (const allocation of this.#clients.get(listener)?.values() ?? []) if (allocation !== 'pending') this.#end(allocation);
    this.#clients.delete(listener);
  }

  /** Whether a listener has an allocation, or gets one. */
  serves(listener: Listener): boolean {
    return (this.#clients.get(listener)?.size ?? 0) > 0;
  }

  /** Ends the allocations whose time is over. To be called about every second. */
  sweep(): void {
    const now = this.#options.world.nowMs();
    for (const family of [4, 6] as const) {
      for (const allocation of this.#relayed[family].values()) if (allocation.untilMs <= now) this.#end(allocation);
    }
    const nowS = this.#options.world.unixNow();
    for (const username of this.#quotas.keys()) if (!this.#perUser.has(username) && (endOfUser(username) ?? 0) < nowS) this.#quotas.delete(username);
  }

  /** Ends all allocations. */
  close(): void {
    for (const family of [4, 6] as const) for (const allocation of this.#relayed[family].values()) this.#end(allocation);
  }

  #answerBinding(message: StunMessage, client: TransportAddress, listener: Listener): void {
    const { address, port } = client;
    if (!this.#authority.mayAnswerStranger(address)) return;
    const unknown = message.listUnknown(KNOWN_IN_BINDING);
    if (unknown.length > 0) return this.#refuseUnknown({ message, client, listener }, unknown);
    const answer = new StunWriter(METHOD.binding, KIND.success, message.transactionId).addAddress(ATTRIBUTE.xorMappedAddress, client);
    listener.send(answer.finish(undefined, message.hasFingerprint), port, address);
  }

  #answer(asked: Asked, allocation: Allocation | undefined): void {
    const { message } = asked;
    const known = this.#authority.check(asked, allocation?.owner);
    if (known === undefined) return;
    const { key, username } = known;
    const unknown = message.listUnknown(KNOWN);
    if (unknown.length > 0) return this.#refuseUnknown(asked, unknown, key);
    if (message.method === METHOD.allocate) {
      if (allocation === undefined) return this.#allocate(asked, known);
      // The answer was lost.
      if (isTransaction(message, allocation.owner.transactionId) && allocation.answer !== undefined) return asked.listener.send(allocation.answer, asked.client.port, asked.client.address);
      return this.#refuse(asked, 437, key);
    }
    if (allocation === undefined) return this.#refuse(asked, 437, key);
    if (allocation.owner.username !== username) return this.#refuse(asked, 441, key);
    switch (message.method) {
      case METHOD.refresh:
        return this.#refresh(asked, allocation);
      case METHOD.createPermission:
        return this.#permit(asked, allocation);
      case METHOD.channelBind:
        return this.#bind(asked, allocation);
      default:
        return this.#refuse(asked, 400, key);
    }
  }

  #allocate(asked: Asked, { key, username }: { key: Buffer; username: string }): void {
    const { message, client, listener } = asked;
    const transport = message.find(ATTRIBUTE.requestedTransport);
    if (transport?.length !== 4) return this.#refuse(asked, 400, key);
    if (transport[0] !== UDP) return this.#refuse(asked, 442, key);
    const family = requestedFamily(message);
    const relayAddress = family && this.#options.addresses[family];
    if (family === undefined || relayAddress === undefined) return this.#refuse(asked, 440, key);
    const evenPort = message.find(ATTRIBUTE.evenPort);
    // The port after it cannot be kept for the same client: nothing that calls here has needed that since RTP and RTCP share a port.
    if (evenPort !== undefined && (evenPort.length !== 1 || evenPort[0]! >= 0x80)) return this.#refuse(asked, 508, key);
    const lifetimeS = this.#lifetimeOf(message);
    if ((this.#perUser.get(username) ?? 0) >= this.#limits.allocationsPerUser) this.#endSilent(username);
    const isFull = (this.#perUser.get(username) ?? 0) >= this.#limits.allocationsPerUser || (this.#perPlace.get(networkOf(client.address)) ?? 0) >= this.#limits.allocationsPerPlace;
    if (isFull) return this.#refuse(asked, 486, key);
    if (this.#size >= this.#limits.allocations) return this.#refuse(asked, 508, key);
    const clients = this.#clients.get(listener) ?? new Map<string, Allocation | 'pending'>();
    this.#clients.set(listener, clients);
    const place = keyOf(client.address, client.port);
    clients.set(place, 'pending');
    this.#count({ username, client }, 1);
    // The packet's memory may be used for others meanwhile.
    const owner = { listener, client, username, key, transactionId: Buffer.from(message.transactionId) };
    let allocation: Allocation | undefined;
    const giveUp = (): void => {
      clients.delete(place);
      this.#count({ username, client }, -1);
      this.#refuse(asked, 508, key);
    };
    this.#options.world.openRelay({ family, isEven: evenPort !== undefined }, (data, port, address) => allocation?.hear(data, port, address)).then((socket) => {
      if (socket === undefined) return giveUp();
      // The connection may have ended meanwhile.
      if (this.#clients.get(listener) !== clients) {
        this.#count({ username, client }, -1);
        return socket.close();
      }
      const relayed = { address: relayAddress, port: socket.port };
      allocation = new Allocation(owner, { relayed, socket }, { limits: this.#limits, counts: this.counts, quota: this.#quotaOf(username), nowMs: () => this.#options.world.nowMs(), deliver: (from, data, to) => this.#deliver(from, data, to) });
      allocation.untilMs = this.#options.world.nowMs() + lifetimeS * 1000;
      clients.set(place, allocation);
      this.#relayed[family].set(socket.port, allocation);
      this.counts.made += 1;
      const answer = new StunWriter(METHOD.allocate, KIND.success, owner.transactionId)
        .addAddress(ATTRIBUTE.xorRelayedAddress, relayed)
        .addNumber(ATTRIBUTE.lifetime, lifetimeS)
        .addAddress(ATTRIBUTE.xorMappedAddress, client);
      allocation.answer = answer.finish(key, message.hasFingerprint);
      listener.send(allocation.answer, client.port, client.address);
    }, giveUp);
  }

  #quotaOf(username: string): ByteQuota {
    const quota = this.#quotas.get(username) ?? { left: this.#limits.bytesPerUser };
    this.#quotas.set(username, quota);
    return quota;
  }

  /** Ends the allocation of a user name that has been silent for the longest time, if that is long enough. */
  #endSilent(username: string): void {
    const all = [...this.#relayed[4].values(), ...this.#relayed[6].values()].filter(({ owner }) => owner.username === username);
    const [silent] = all.sort((a, b) => a.usedMs - b.usedMs);
    if (silent !== undefined && this.#options.world.nowMs() - silent.usedMs >= this.#limits.silentMs) this.#end(silent);
  }

  #refresh(asked: Asked, allocation: Allocation): void {
    const { message } = asked;
    if (requestedFamily(message) !== allocation.family && message.find(ATTRIBUTE.requestedAddressFamily) !== undefined) return this.#refuse(asked, 443, allocation.owner.key);
    const ends = message.findNumber(ATTRIBUTE.lifetime) === 0;
    const lifetimeS = ends ? 0 : this.#lifetimeOf(message);
    if (ends) this.#end(allocation);
    else allocation.untilMs = this.#options.world.nowMs() + lifetimeS * 1000;
    this.#succeed(asked, allocation.owner.key, (answer) => answer.addNumber(ATTRIBUTE.lifetime, lifetimeS));
  }

  #permit(asked: Asked, allocation: Allocation): void {
    const { key } = allocation.owner;
    const peers = asked.message.listAddresses(ATTRIBUTE.xorPeerAddress);
    if (peers === undefined || peers.length === 0) return this.#refuse(asked, 400, key);
    const refusal = peers.map((peer) => this.#judgePeer(peer, allocation, false)).find((code) => code !== undefined);
    if (refusal !== undefined) return this.#refuse(asked, refusal, key);
    if (!allocation.permit(peers.map(({ address }) => address))) return this.#refuse(asked, 508, key);
    this.#succeed(asked, key);
  }

  #bind(asked: Asked, allocation: Allocation): void {
    const { message } = asked;
    const { key } = allocation.owner;
    const number = message.find(ATTRIBUTE.channelNumber);
    const peer = message.listAddresses(ATTRIBUTE.xorPeerAddress)?.[0];
    if (number?.length !== 4 || peer === undefined) return this.#refuse(asked, 400, key);
    const channel = number.readUInt16BE(0);
    if (channel < CHANNEL_MIN || channel > CHANNEL_MAX) return this.#refuse(asked, 400, key);
    const refusal = this.#judgePeer(peer, allocation, true);
    if (refusal !== undefined) return this.#refuse(asked, refusal, key);
    const bound = allocation.bind(channel, peer);
    if (bound === 'bound') return this.#succeed(asked, key);
    this.#refuse(asked, bound === 'conflict' ? 400 : 508, key);
  }

  #passIndication(message: StunMessage, allocation: Allocation): void {
    const data = message.find(ATTRIBUTE.data);
    const peer = message.listAddresses(ATTRIBUTE.xorPeerAddress)?.[0];
    if (data === undefined || peer === undefined || peer.port < PEER_PORT_MIN || message.listUnknown(KNOWN).length > 0) return;
    // The permission has been judged, and `#deliver` looks at ports of this relay's own address.
    allocation.passIndication(data, peer);
  }

  /** @param withPort whether the port is the peer's; of a permission it means nothing */
  #judgePeer({ address, port }: TransportAddress, allocation: Allocation, withPort: boolean): ErrorCode | undefined {
    const family = familyOf(address);
    if (family !== allocation.family) return 443;
    // Apps have higher ports, and behind the lower ones are services that a relay must not be used against.
    if (withPort && port < PEER_PORT_MIN) return 403;
    if (this.#options.world.allowsPeer(address)) return undefined;
    const isOwn = address === this.#options.addresses[family] && (!withPort || this.#relayed[family].has(port));
    return isOwn ? undefined : 403;
  }

  /** What goes to a relayed address of this relay needs no way through the system, or through a router that may not lead back. */
  #deliver(from: TransportAddress, data: Buffer, to: TransportAddress): boolean {
    const family = familyOf(to.address);
    if (to.address !== this.#options.addresses[family]) return false;
    const target = this.#relayed[family].get(to.port);
    target?.hear(data, from.port, from.address);
    return target !== undefined || !this.#options.world.allowsPeer(to.address);
  }

  #lifetimeOf(message: StunMessage): number {
    const wanted = message.findNumber(ATTRIBUTE.lifetime) ?? this.#limits.lifetimeS;
    return Math.min(Math.max(wanted, LIFETIME_MIN_S), this.#limits.lifetimeS);
  }

  #end(allocation: Allocation): void {
    const { listener, client, username } = allocation.owner;
    const relayed = this.#relayed[allocation.family];
    if (relayed.get(allocation.relayed.port) !== allocation) return;
    relayed.delete(allocation.relayed.port);
    const clients = this.#clients.get(listener);
    clients?.delete(keyOf(client.address, client.port));
    if (clients?.size === 0) this.#clients.delete(listener);
    this.#count({ username, client }, -1);
    allocation.close();
  }

  #count({ username, client }: Pick<Allocation['owner'], 'username' | 'client'>, by: 1 | -1): void {
    this.#size += by;
    addTo(this.#perUser, username, by);
    addTo(this.#perPlace, networkOf(client.address), by);
  }

  #succeed({ message, client, listener }: Asked, key: Buffer, add: (answer: StunWriter) => StunWriter = (answer) => answer): void {
    listener.send(add(new StunWriter(message.method, KIND.success, message.transactionId)).finish(key, message.hasFingerprint), client.port, client.address);
  }

  #refuse({ message, client, listener }: Asked, code: ErrorCode, key: Buffer): void {
    this.counts.refused += 1;
    listener.send(new StunWriter(message.method, KIND.error, message.transactionId).addError(code).finish(key, message.hasFingerprint), client.port, client.address);
  }

  #refuseUnknown({ message, client, listener }: Asked, unknown: readonly number[], key?: Buffer): void {
    this.counts.refused += 1;
    const types = Buffer.alloc(unknown.length * 2);
    for (const [index, type] of unknown.entries()) types.writeUInt16BE(type, index * 2);
    const answer = new StunWriter(message.method, KIND.error, message.transactionId).addError(420).add(ATTRIBUTE.unknownAttributes, types);
    listener.send(answer.finish(key, message.hasFingerprint), client.port, client.address);
  }
}

/** The family that a request names, IPv4 if it names none; undefined for another one. */
function requestedFamily(message: StunMessage): Family | undefined {
  const value = message.find(ATTRIBUTE.requestedAddressFamily);
  if (value === undefined || value[0] === 1) return 4;
  return value[0] === 2 ? 6 : undefined;
}

function addTo(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
