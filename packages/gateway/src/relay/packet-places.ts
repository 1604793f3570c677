import type { TransportPacket } from '@aerogram/mtproto';
import type { GatewayServices } from '../gateway-services.ts';
import type { BytePipe } from '../byte-pipe.ts';
import type { CloseReason } from '../close-reason.ts';
import { HERE, MovedKeys } from './moved-keys.ts';
import type { OtherNodes } from './other-nodes.ts';
import { RelayedPackets, type RelayNeeds } from './relayed-packets.ts';
import { RelayPipe } from './relay-pipe.ts';

/** A connection whose key belongs to a node that cannot be reached is closed after this long, in milliseconds. */
const UNREACHABLE_MS = 3000;

/** Decides for each packet of one stream connection whether it is handled here, relayed to another node, or has to wait. */
export class PacketPlaces {
  readonly #nodes: OtherNodes;
  readonly #services: GatewayServices;
  /** Set in a connection that stands for one of another node. */
  readonly #pipe: RelayPipe | undefined;
  readonly #relayed: RelayedPackets;
  /** The newest generation that another node has told of. */
  #heardOf = 0;
  readonly #moved: MovedKeys;
  #unreachableMs: number | undefined;

  constructor(services: GatewayServices, nodes: OtherNodes, { pipe, ...connection }: { pipe: BytePipe } & Pick<RelayNeeds, 'host' | 'output' | 'times'>) {
    this.#nodes = nodes;
    this.#services = services;
    this.#pipe = pipe instanceof RelayPipe ? pipe : undefined;
    this.#moved = new MovedKeys(services);
    this.#relayed = new RelayedPackets(nodes, { ...connection, metrics: services.metrics, moved: this.#moved, heardOf: (generation) => this.#hear(generation) });
  }

  /** Whether another node has taken packets of the client. */
  get isRelaying(): boolean {
    return this.#relayed.isUsed;
  }

  /** Whether the client sends more than other nodes take. */
  get isFull(): boolean {
    return this.#relayed.isFull;
  }

  /** Whether a packet under this key may be handled here now. */
  isHere(authKeyId: bigint): boolean {
    return this.#nodes.placeOf(authKeyId) === 'here';
  }

  /**
   * Passes a packet on if it is not handled here.
   * @returns 'here' if it is, 'passed', or a promise after which it is looked at again
   */
  pass(authKeyId: bigint, packet: TransportPacket): 'here' | 'passed' | Promise<void> {
    if (this.#pipe && this.#pipe.generation > this.#heardOf) this.#hear(this.#pipe.generation);
    const isBehind = this.#nodes.generation < this.#heardOf;
    const place = isBehind ? 'later' : this.#nodes.placeOf(authKeyId);
    if (place === 'here') {
      this.#unreachableMs = undefined;
      this.#moved.wentTo(authKeyId, HERE);
      return 'here';
    }
    if (place !== 'later') {
      if (this.#pipe) {
        this.#pipe.refuse(this.#nodes.generation);
        return 'passed';
      }
      if (this.#relayed.send(place.node, packet)) {
        this.#unreachableMs = undefined;
        this.#moved.wentTo(authKeyId, place.node);
        return 'passed';
      }
      this.#unreachableMs ??= this.#services.clock.monotonicMs();
    }
    this.#moved.waits(authKeyId);
    return this.#nodes.changed();
  }

  /** The next packet is dealt with. */
  taken(): void {
    this.#pipe?.taken();
  }

  /** What was sent to the client has left, so other nodes may send more. */
  flushed(): void {
    this.#relayed.flushed();
  }

  /** From now on another node serves the session that the connection has under this key. */
  moved(authKeyId: bigint): void {
    if (this.#pipe) this.#pipe.moved(authKeyId);
    else this.#moved.movedFrom(authKeyId, HERE);
  }

  /** The client makes a call under this key, which is executed here. */
  called(authKeyId: bigint): void {
    if (this.#pipe) this.#pipe.called(authKeyId);
    else this.#moved.called(authKeyId, HERE);
  }

  /** @returns the reason to close the connection now, if there is one */
  overdue(nowMs: number): CloseReason | undefined {
    if (this.#moved.isSilent(nowMs)) return 'moved';
    if (this.#unreachableMs !== undefined && nowMs - this.#unreachableMs >= UNREACHABLE_MS) return 'owner-away';
    return undefined;
  }

  /** The connection is being closed. */
  close(reason: CloseReason): void {
    if (this.#pipe) this.#pipe.staysOpen = reason === 'shutdown' || reason === 'moved';
    this.#relayed.close();
  }

  #hear(generation: number): void {
    this.#heardOf = Math.max(this.#heardOf, generation);
    if (generation > this.#nodes.generation) this.#nodes.heardOf(generation);
  }
}
