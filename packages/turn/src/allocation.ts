import { ByteBucket } from './byte-bucket.ts';
import { ATTRIBUTE, KIND, METHOD } from './stun-constants.ts';
import { StunWriter } from './stun-writer.ts';
import { type Family, familyOf, type TransportAddress } from './transport-address.ts';
import type { Listener, RelaySocket, TurnCounts, TurnLimits } from './turn-types.ts';

/** A permission lives so long (RFC 8656, 9), in milliseconds. */
export const PERMISSION_MS = 300_000;
/** A channel lives so long (RFC 8656, 12), in milliseconds. */
export const CHANNEL_MS = 600_000;

export const CHANNEL_MIN = 0x4000;
/** RFC 8656 ends at 0x4FFF; clients of RFC 5766 use more. */
export const CHANNEL_MAX = 0x7ffe;

const CHANNEL_HEADER = 4;
const TRANSACTION_BYTES = 12;

interface Permission {
  untilMs: number;
}

interface Channel extends TransportAddress {
  number: number;
  untilMs: number;
  permission: Permission;
}

/** Who has an allocation and how it is reached. */
export interface AllocationOwner {
  listener: Listener;
  client: TransportAddress;
  username: string;
  key: Buffer;
  /** The transaction that made it. */
  transactionId: Buffer;
}

/** How many bytes are left of something. */
export interface ByteQuota {
  left: number;
}

export interface AllocationDeps {
  limits: Pick<TurnLimits, 'bytesPerSecond' | 'peersPerAllocation'>;
  counts: TurnCounts;
  /** What the user name may still pass on, with all of its allocations. */
  quota: ByteQuota;
  nowMs(): number;
  /** Delivers to another allocation of this relay. @returns false if the address is not this relay's */
  deliver(from: TransportAddress, data: Buffer, to: TransportAddress): boolean;
}

/** One relayed address with its permissions and channels. */
export class Allocation {
  readonly owner: AllocationOwner;
  /** The address that peers see. */
  readonly relayed: TransportAddress;
  readonly family: Family;
  /** The answer to the request that made it, for when it is repeated. */
  answer: Buffer | undefined;
  untilMs = 0;
  /** When it last passed something on. */
  usedMs: number;
  readonly #deps: AllocationDeps;
  readonly #socket: RelaySocket;
  /** By address without the port. */
  readonly #permissions = new Map<string, Permission>();
  readonly #channels = new Map<number, Channel>();
  readonly #channelOfPeer = new Map<string, Channel>();
  readonly #out: ByteBucket;
  readonly #in: ByteBucket;
  /** Transactions of data indications: a number is enough, nobody answers them. */
  readonly #indication = Buffer.alloc(TRANSACTION_BYTES);
  #isClosed = false;

  constructor(owner: AllocationOwner, parts: { relayed: TransportAddress; socket: RelaySocket }, deps: AllocationDeps) {
    this.owner = owner;
    this.relayed = parts.relayed;
    this.family = familyOf(parts.relayed.address);
    this.#socket = parts.socket;
    this.#deps = deps;
    this.usedMs = deps.nowMs();
    this.#out = new ByteBucket(deps.limits.bytesPerSecond, deps.nowMs());
    this.#in = new ByteBucket(deps.limits.bytesPerSecond, deps.nowMs());
  }

  /** Lets these addresses send to the client, and it to them. @returns false if there are too many; nothing has changed then */
  permit(addresses: readonly string[]): boolean {
    const now = this.#deps.nowMs();
    const fresh = new Set(addresses.filter((address) => !this.#permissions.has(address)));
    if (this.#permissions.size + fresh.size > this.#deps.limits.peersPerAllocation) {
      for (const [address, { untilMs }] of this.#permissions) if (untilMs <= now) this.#permissions.delete(address);
      if (this.#permissions.size + fresh.size > this.#deps.limits.peersPerAllocation) return false;
    }
    for (const address of addresses) this.#permission(address).untilMs = now + PERMISSION_MS;
    return true;
  }

  /**
   * Binds a channel to a peer, whose address the client has been permitted.
   * @returns 'conflict' if the number or the peer belongs to another channel, 'full' if there are too many
   */
  bind(number: number, peer: TransportAddress): 'bound' | 'conflict' | 'full' {
    const now = this.#deps.nowMs();
    this.#dropChannels(now);
    const key = keyOf(peer.address, peer.port);
    const [byNumber, byPeer] = [this.#channels.get(number), this.#channelOfPeer.get(key)];
    if (byNumber !== byPeer) return 'conflict';
    if (byNumber === undefined && this.#channels.size >= this.#deps.limits.peersPerAllocation) return 'full';
    if (!this.permit([peer.address])) return 'full';
    const channel = byNumber ?? { ...peer, number, untilMs: 0, permission: this.#permission(peer.address) };
    // It may have ended meanwhile, and be another one now.
    channel.permission = this.#permission(peer.address);
    channel.untilMs = now + CHANNEL_MS;
    this.#channels.set(number, channel);
    this.#channelOfPeer.set(key, channel);
    return 'bound';
  }

  /** Passes on channel data of the client: the whole packet, whose header the caller has not looked at. */
  passChannelData(packet: Buffer): void {
    if (packet.length < CHANNEL_HEADER) return;
    const length = packet.readUInt16BE(2);
    const channel = this.#channels.get(packet.readUInt16BE(0));
    const now = this.#deps.nowMs();
    if (channel === undefined || CHANNEL_HEADER + length > packet.length || channel.untilMs <= now || channel.permission.untilMs <= now) {
      this.#deps.counts.dropped += 1;
      return;
    }
    this.#send(packet.subarray(CHANNEL_HEADER, CHANNEL_HEADER + length), channel, now);
  }

  /** Passes on the data of a Send indication. */
  passIndication(data: Buffer, peer: TransportAddress): void {
    const now = this.#deps.nowMs();
    const permission = this.#permissions.get(peer.address);
    if (permission === undefined || permission.untilMs <= now) this.#deps.counts.dropped += 1;
    else this.#send(data, peer, now);
  }

  /** Gives the client what a peer has sent. */
  hear(data: Buffer, port: number, address: string): void {
    const { nowMs, counts } = this.#deps;
    const now = nowMs();
    const channel = this.#channelOfPeer.get(keyOf(address, port));
    const permission = channel?.permission ?? this.#permissions.get(address);
    if (this.#isClosed || permission === undefined || permission.untilMs <= now || !this.#take(this.#in, data.length, now)) {
      counts.dropped += 1;
      return;
    }
    const { listener, client } = this.owner;
    counts.packetsIn += 1;
    counts.bytes += data.length;
    if (channel !== undefined && channel.untilMs > now) {
      const length = CHANNEL_HEADER + data.length;
      const packet = Buffer.allocUnsafe(listener.isStream ? (length + 3) & ~3 : length);
      packet.writeUInt16BE(channel.number, 0);
      packet.writeUInt16BE(data.length, 2);
      packet.set(data, CHANNEL_HEADER);
      if (packet.length > length) packet.fill(0, length);
      listener.send(packet, client.port, client.address);
      return;
    }
    this.#indication.writeUInt32BE((this.#indication.readUInt32BE(8) + 1) >>> 0, 8);
    const packet = new StunWriter(METHOD.data, KIND.indication, this.#indication).addAddress(ATTRIBUTE.xorPeerAddress, { address, port }).add(ATTRIBUTE.data, data).finish();
    listener.send(packet, client.port, client.address);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  #send(data: Buffer, peer: TransportAddress, now: number): void {
    const { counts, deliver } = this.#deps;
    if (this.#isClosed || !this.#take(this.#out, data.length, now)) {
      counts.dropped += 1;
      return;
    }
    counts.packetsOut += 1;
    counts.bytes += data.length;
    if (!deliver(this.relayed, data, peer)) this.#socket.send(data, peer.port, peer.address);
  }

  /** Whether a packet may be passed on; its bytes are taken then. */
  #take(bucket: ByteBucket, bytes: number, now: number): boolean {
    const { quota } = this.#deps;
    if (quota.left < bytes || !bucket.take(bytes, now)) return false;
    quota.left -= bytes;
    this.usedMs = now;
    return true;
  }

  #permission(address: string): Permission {
    let permission = this.#permissions.get(address);
    if (permission === undefined) this.#permissions.set(address, (permission = { untilMs: 0 }));
    return permission;
  }

  #dropChannels(now: number): void {
    for (const channel of this.#channels.values()) {
      if (channel.untilMs > now) continue;
      this.#channels.delete(channel.number);
      this.#channelOfPeer.delete(keyOf(channel.address, channel.port));
    }
  }
}

/** How a peer or a client is found. */
export function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}
