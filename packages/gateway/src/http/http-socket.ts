import type { Socket } from 'node:net';
import type { CloseReason } from '../close-reason.ts';
import type { GatewayServices } from '../gateway-services.ts';
import type { Watched } from '../watched.ts';

/** A connection of the MTProto port that turned out to be HTTP. Node's HTTP server reads it; this class enforces its time limits. */
export class HttpSocket implements Watched {
  readonly #services: GatewayServices;
  readonly #socket: Socket;
  #reason: CloseReason | undefined;
  #upgraded = false;
  #requests = 0;
  /** When a request last began or ended. */
  #sinceMs: number;
  #bytesRead: number;

  /** The caller has counted the socket as an open HTTP connection. */
  constructor(socket: Socket, services: GatewayServices) {
    this.#socket = socket;
    this.#services = services;
    this.#sinceMs = services.clock.monotonicMs();
    this.#bytesRead = socket.bytesRead;
    services.connections.add(this);
    socket.on('error', () => {
      this.#reason ??= 'network';
    });
    socket.once('close', () => {
      services.connections.delete(this);
      if (!this.#upgraded) services.metrics.closed('http', this.#reason ?? 'client');
    });
  }

  /** Records that the header of a request was read. */
  requestBegan(): void {
    this.#requests += 1;
    this.#sinceMs = this.#services.clock.monotonicMs();
  }

  /** Records that a request was answered or its connection failed. */
  requestEnded(): void {
    this.#requests -= 1;
    this.#sinceMs = this.#services.clock.monotonicMs();
  }

  /** Records that the connection became a WebSocket, which is counted separately. */
  upgraded(): void {
    this.#upgraded = true;
    this.#services.connections.delete(this);
    this.#services.metrics.handedOver('http');
  }

  watch(nowMs: number): void {
    const { limits } = this.#services;
    const waitedMs = nowMs - this.#sinceMs;
    const silent = this.#socket.bytesRead === this.#bytesRead;
    this.#bytesRead = this.#socket.bytesRead;
    // A request may wait for a minute (http_wait), but a request that is still being sent must not take for ever.
    if (waitedMs >= limits.packetMs && !(this.#requests > 0 && silent)) this.close(this.#requests > 0 ? 'too-slow' : 'idle');
    else if (waitedMs >= limits.idleTimeoutMs) this.close('idle');
  }

  /** Requests that arrive during shutdown are still answered. */
  stopReading(): void {}

  close(reason: CloseReason, how: { end: boolean } = { end: false }): void {
    this.#reason ??= reason;
    if (how.end) this.#socket.destroySoon();
    else this.#socket.destroy();
  }
}
