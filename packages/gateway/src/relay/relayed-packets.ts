import { packetKeyId, type TransportErrorCode, type TransportPacket } from '@aerogram/mtproto';
import type { ClientAddress } from '../client-address.ts';
import type { CloseReason } from '../close-reason.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import { readMessage, writeHello, writeMessage } from './messages.ts';
import type { MovedKeys } from './moved-keys.ts';
import type { OtherNodes, RelayChannel, RelayEvents } from './other-nodes.ts';

/** A client's connection, whose packets are relayed. */
export interface PlacedConnection extends ClientAddress {
  sendLoose(packet: Uint8Array): void;
  /** Sends a transport error and closes. */
  refuse(code: TransportErrorCode, reason: CloseReason): void;
  /** Sends what is queued, then closes. */
  finish(reason: CloseReason): void;
  /** The other nodes have taken packets. */
  readOn(): void;
  /** These packets were not taken: their keys are looked at again, before those of packets that wait. */
  takeAgain(packets: readonly TransportPacket[]): void;
}

/** What relaying needs besides. */
export interface RelayNeeds {
  host: PlacedConnection;
  /** `congestedSinceMs` is set while the client does not read what is sent to it. */
  times: { readonly congestedSinceMs: number | undefined };
  output: { sendQuickAck(token: number): void };
  metrics: Pick<GatewayMetrics, 'relayed' | 'relayedPackets'>;
  /** Told whose sessions may be served by another node from now on. */
  moved: MovedKeys;
  /** Another node has read this generation. */
  heardOf(generation: number): void;
}

/** Bytes that may wait for another node before nothing more is read from the client. */
const FULL_BYTES = 256 * 1024;

interface Route {
  channel: RelayChannel;
  /** The owner closes the channel, but not the client's connection. */
  stays: boolean;
  /** Packets that were not taken, in order. */
  waiting: TransportPacket[];
  /** Received and not sent to the client: bytes and messages. */
  owedBytes: number;
  owedMessages: number;
}

/** The packets of one client's connection that other nodes handle: a channel to each of these. */
export class RelayedPackets {
  readonly #nodes: OtherNodes;
  readonly #host: PlacedConnection;
  readonly #needs: RelayNeeds;
  readonly #routes = new Map<string, Route>();
  #isClosed = false;

  constructor(nodes: OtherNodes, needs: RelayNeeds) {
    this.#nodes = nodes;
    this.#host = needs.host;
    this.#needs = needs;
  }

  /** Whether there is a channel to another node. A key that does not exist ends it, with the connection. */
  get isUsed(): boolean {
    return this.#routes.size > 0;
  }

  /** Whether nothing more should be read from the client. */
  get isFull(): boolean {
    for (const { channel } of this.#routes.values()) if (channel.unsentBytes >= FULL_BYTES) return true;
    return false;
  }

  /** Sends a packet to a node. @returns false if there is no way to it now */
  send(node: string, packet: TransportPacket): boolean {
    const route = this.#routes.get(node) ?? this.#open(node);
    if (!route) return false;
    route.waiting.push(packet);
    this.#needs.metrics.relayedPackets.inc();
    route.channel.send(writeMessage({ kind: 'packet', generation: this.#nodes.generation, quickAck: packet.quickAck, data: packet.data }));
    return true;
  }

  /** What was received has left for the client. */
  flushed(): void {
    if (this.#needs.times.congestedSinceMs !== undefined) return;
    for (const route of this.#routes.values()) {
      if (route.owedMessages === 0) continue;
      route.channel.consumed(route.owedBytes, route.owedMessages);
      route.owedBytes = 0;
      route.owedMessages = 0;
    }
  }

  /** The client's connection has ended. */
  close(): void {
    this.#isClosed = true;
    for (const { channel } of this.#routes.values()) channel.destroy();
    this.#routes.clear();
  }

  #open(node: string): Route | undefined {
    const { remoteAddress, localAddress, localPort, isForwarded } = this.#host;
    const hello = writeHello({ transport: 'stream', remoteAddress, localAddress, localPort, isForwarded });
    let route: Route | undefined;
    const events: RelayEvents = {
      message: (body) => route && this.#take(route, body),
      room: () => this.#host.readOn(),
      closed: (by) => {
        this.#needs.metrics.relayed.dec();
        if (route) this.#lost(route, by);
      },
    };
    const channel = this.#nodes.open(node, hello, () => events);
    if (!channel) return undefined;
    route = { channel, stays: false, waiting: [], owedBytes: 0, owedMessages: 0 };
    this.#routes.set(node, route);
    this.#needs.metrics.relayed.inc();
    return route;
  }

  #take(route: Route, body: Uint8Array): void {
    if (this.#isClosed) return;
    const message = readMessage(body);
    route.owedBytes += body.length;
    route.owedMessages += 1;
    switch (message.kind) {
      case 'answer':
        return this.#host.sendLoose(message.data);
      case 'quickAck':
        return this.#needs.output.sendQuickAck(message.value);
      case 'fault':
        return this.#host.refuse((message.value | 0) as TransportErrorCode, 'owner');
      case 'stay':
        route.stays = true;
        break;
      case 'taken':
        route.waiting.splice(0, message.value);
        break;
      case 'wrong':
        this.#needs.heardOf(message.value);
        this.#takeAgain(route.waiting.splice(0, 1));
        break;
      case 'moved':
        this.#needs.moved.movedFrom(message.authKeyId, route.channel.node);
        break;
      case 'called':
        this.#needs.moved.called(message.authKeyId, route.channel.node);
        break;
      default:
        throw new Error(`a connection gets no ${message.kind}`);
    }
    this.flushed();
    this.#host.readOn();
  }

  /** @param by 'self' after an internal error */
  #lost(route: Route, by: 'self' | 'other' | 'link'): void {
    if (this.#isClosed) return;
    this.#routes.delete(route.channel.node);
    if (by === 'other' && !route.stays) return this.#host.finish('owner');
    this.#needs.moved.allMovedFrom(route.channel.node);
    if (route.waiting.length === 0) return;
    // An owner that lets the connection stay has said before what it took. Without that word the packets may have been executed, so the client has to repeat them.
    if (route.stays) this.#takeAgain(route.waiting.splice(0));
    else this.#host.finish('owner-away');
  }

  #takeAgain(packets: readonly TransportPacket[]): void {
    for (const { data } of packets) this.#needs.moved.waits(packetKeyId(data));
    this.#host.takeAgain(packets);
  }
}
