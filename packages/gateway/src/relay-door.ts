import type { GatewayServices } from './gateway-services.ts';
import type { HttpEndpoint } from './http/http-endpoint.ts';
import { StreamConnection } from './sockets/stream-connection.ts';
import { readHello, writeMessage } from './relay/messages.ts';
import type { RelayChannel, RelayEvents } from './relay/other-nodes.ts';
import { RelayPipe } from './relay/relay-pipe.ts';
import { RelayedReply } from './http/relayed-reply.ts';

/** Takes the connections and requests that come to other nodes and whose keys belong to this one. */
export class RelayDoor {
  readonly #services: GatewayServices;
  readonly #endpoint: HttpEndpoint;
  #isStopped = false;

  constructor(services: GatewayServices, endpoint: HttpEndpoint) {
    // What the client sends, and whether it is there at all, only the entry node knows.
    this.#services = { ...services, limits: { ...services.limits, idleTimeoutMs: Infinity, firstPacketMs: Infinity } };
    this.#endpoint = endpoint;
  }

  /** Accepts no more of them; open ones stay. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Accepts a channel. An address has as many here as it may have connections. @returns nothing if it is refused */
  accept(channel: RelayChannel, bytes: Uint8Array): RelayEvents | undefined {
    const { addresses, clock, metrics } = this.#services;
    const hello = readHello(bytes);
    if (!hello || this.#isStopped) return undefined;
    const refusal = addresses.enter(hello.remoteAddress, clock.nowMs());
    if (refusal) {
      metrics.refused(refusal);
      channel.send(writeMessage(hello.transport === 'http' ? { kind: 'response', value: 429, data: TOO_MANY } : { kind: 'fault', value: -429 }));
      return undefined;
    }
    const leave = (): void => addresses.leave(hello.remoteAddress);
    if (hello.transport === 'http') {
      const reply = new RelayedReply(channel, (request) => this.#endpoint.receiveRelayed(reply, hello, request));
      reply.onClosed(leave);
      return reply;
    }
    const pipe = new RelayPipe(channel, hello, leave);
    new StreamConnection(pipe, this.#services);
    return pipe;
  }
}

const TOO_MANY = Buffer.alloc(4);
TOO_MANY.writeInt32LE(-429);
