import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DEFAULT_PACKET_LIMIT } from '@aerogram/mtproto';
import { WebSocketServer } from 'ws';
import type { GatewayServices } from '../gateway-services.ts';
import { isOriginAllowed } from '../http/allowed-origin.ts';
import { isApiPath } from '../http/http-endpoint.ts';
import { adoptWebSocket, type WebSocketLimits } from './adopt-websocket.ts';
import { StreamConnection } from './stream-connection.ts';
import { plainAddress } from './tcp-pipe.ts';
import { WebSocketPipe } from './websocket-pipe.ts';

/** Clients fail unless the server agrees to this subprotocol. */
const SUBPROTOCOL = 'binary';

/** What one WebSocket may make the server keep, whichever process answered its upgrade. */
const LIMITS: WebSocketLimits = {
  // The stream within has a limit of its own.
  maxPayload: DEFAULT_PACKET_LIMIT + 64,
  // Of a message and of a frame that are not whole yet. Clients send whole frames, which a slow network brings in pieces of some 500 bytes.
  maxFragments: 4 * 1024,
  maxBufferedChunks: 16 * 1024,
  maxPendingAutoPongs: 60,
  skipUTF8Validation: true,
};

/** Turns HTTP upgrades of MTProto paths into connections. */
export class WebSocketEntry {
  readonly #services: GatewayServices;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    ...LIMITS,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  readonly #attached: Disposable[] = [];
  /** Sockets that the address limits count already. */
  readonly #counted = new WeakSet<Duplex>();

  readonly #onUpgrade: (socket: Socket) => void;
  #stopped = false;

  /** @param onUpgrade told of each socket that becomes a WebSocket. */
  constructor(services: GatewayServices, onUpgrade: (socket: Socket) => void) {
    this.#services = services;
    this.#onUpgrade = onUpgrade;
  }

  /**
   * Serves the MTProto paths of an HTTP server as WebSockets; upgrades of other paths are refused. Its connections are
   * limited as those of the MTProto port are.
   */
  attach(server: Server): void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => this.#upgrade(request, socket, head);
    const onConnection = (socket: Socket): void => {
      if (!this.#enter(socket)) socket.destroy();
    };
    server.on('upgrade', onUpgrade).on('connection', onConnection);
    this.#attached.push({ [Symbol.dispose]: () => void server.off('upgrade', onUpgrade).off('connection', onConnection) });
  }

  /** Takes over a WebSocket that another process made and counts. @param bytes what that one has read of it */
  take(socket: Socket, bytes: Uint8Array): void {
    if (this.#stopped) return void socket.destroy();
    socket.on('error', () => socket.destroy());
    const webSocket = adoptWebSocket(socket, bytes, LIMITS);
    new StreamConnection(new WebSocketPipe(webSocket, socket), this.#services);
  }

  /** Makes no more connections. */
  stop(): void {
    this.#stopped = true;
  }

  /** Says that a socket was counted when it was accepted. */
  counted(socket: Duplex): void {
    this.#counted.add(socket);
  }

  [Symbol.dispose](): void {
    for (const attached of this.#attached.splice(0)) attached[Symbol.dispose]();
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    // `node:http` upgrades sockets of the net module only.
    const socket = duplex as Socket;
    socket.on('error', () => socket.destroy());
    if (!isApiPath(request.url)) return refuse(socket, '404 Not Found');
    // Browsers let any page open a WebSocket; only the server can refuse one.
    if (!isOriginAllowed(request, this.#services.webOrigins)) return refuse(socket, '403 Forbidden');
    if (this.#stopped) return refuse(socket, '503 Service Unavailable');
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#onUpgrade(socket);
      new StreamConnection(new WebSocketPipe(webSocket, socket), this.#services);
    });
  }

  #enter(socket: Socket): boolean {
    if (this.#counted.has(socket)) return true;
    const { addresses, clock, metrics } = this.#services;
    const address = plainAddress(socket.remoteAddress);
    const refusal = addresses.enter(address, clock.nowMs());
    if (refusal) {
      metrics.refused(refusal);
      return false;
    }
    this.#counted.add(socket);
    socket.once('close', () => addresses.leave(address));
    return true;
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
