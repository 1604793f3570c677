import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { WebSocketServer } from 'ws';
import { clientOfRequest } from '../client-address.ts';
import type { GatewayServices } from '../gateway-services.ts';
import { isOriginAllowed } from '../http/allowed-origin.ts';
import { isApiPath } from '../http/http-endpoint.ts';
import { adoptWebSocket, type WebSocketLimits } from './adopt-websocket.ts';
import { StreamConnection } from './stream-connection.ts';
import { WebSocketPipe } from './websocket-pipe.ts';

/** Clients fail unless the server accepts this subprotocol. */
const SUBPROTOCOL = 'binary';

/** Limits the memory of one WebSocket, whichever process answered its upgrade. */
const LIMITS: Omit<WebSocketLimits, 'maxPayload'> = {
  // These limits apply to incomplete messages and frames. Clients send whole frames, which a slow network delivers in pieces of some 500
  // bytes.
  maxFragments: 4 * 1024,
  maxBufferedChunks: 16 * 1024,
  maxPendingAutoPongs: 60,
  skipUTF8Validation: true,
};

/**
 * The stream inside has its own limit for packets. Clients that have several parts of files to send put them into one message, and are not
 * read from while this much is unanswered.
 */
const MAX_PAYLOAD = 4 * 1024 * 1024;
/** Packets in one message where packets are short. */
const PACKETS = 4;

/** Turns HTTP upgrades of MTProto paths into connections. */
export class WebSocketEntry {
  readonly #services: GatewayServices;
  readonly #limits: WebSocketLimits;
  readonly #server: WebSocketServer;
  readonly #attached: Disposable[] = [];
  readonly #onUpgrade: (socket: Socket) => void;
  #stopped = false;

  /** @param onUpgrade called with each socket that becomes a WebSocket */
  constructor(services: GatewayServices, onUpgrade: (socket: Socket) => void) {
    this.#services = services;
    this.#onUpgrade = onUpgrade;
    this.#limits = { ...LIMITS, maxPayload: Math.min(MAX_PAYLOAD, PACKETS * services.packetLimit) };
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      ...this.#limits,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
  }

  /**
   * Serves the MTProto paths of an HTTP server as WebSockets; upgrades of other paths are refused. The connections of that server have the
   * same limits as those of the MTProto port.
   */
  attach(server: Server): void {
    const services = this.#services;
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => this.#upgrade(request, socket, head);
    const isTls = server instanceof TlsServer;
    // Connections in the handshake of TLS, by the address and port of the client.
    const shaking = new Map<string, Socket>();
    const onConnection = (socket: Socket): void => {
      if (!services.admission.enter(socket)) return void socket.destroy();
      if (!isTls) return;
      const key = endOf(socket);
      shaking.set(key, socket);
      socket.once('close', () => {
        if (shaking.get(key) === socket) shaking.delete(key);
      });
    };
    // Requests and upgrades come on the connection within TLS, which only now begins.
    const onSecure = (socket: Socket): void => {
      const outer = shaking.get(endOf(socket));
      if (outer === undefined) return void socket.destroy();
      shaking.delete(endOf(socket));
      services.admission.continueIn(outer, socket);
    };
    server.on('upgrade', onUpgrade).on('connection', onConnection);
    if (isTls) server.on('secureConnection', onSecure);
    this.#attached.push({
      [Symbol.dispose]() {
        server.off('upgrade', onUpgrade).off('connection', onConnection).off('secureConnection', onSecure);
        for (const socket of shaking.values()) socket.destroy();
      },
    });
  }

  /** Takes over a WebSocket that another process accepted and counts. @param bytes what that process has already read from it */
  take(socket: Socket, bytes: Uint8Array): void {
    if (this.#stopped) return void socket.destroy();
    socket.on('error', () => socket.destroy());
    const webSocket = adoptWebSocket(socket, bytes, this.#limits);
    new StreamConnection(new WebSocketPipe(webSocket, socket), this.#services);
  }

  /** Accepts no more WebSockets. */
  stop(): void {
    this.#stopped = true;
  }

  [Symbol.dispose](): void {
    for (const attached of this.#attached.splice(0)) attached[Symbol.dispose]();
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    // `node:http` only upgrades sockets of the net module.
    const socket = duplex as Socket;
    socket.on('error', () => socket.destroy());
    if (!isApiPath(request.url)) return refuse(socket, '404 Not Found');
    // Browsers let any page open a WebSocket; only the server can refuse it.
    const { admission, trusted, webOrigins } = this.#services;
    if (!isOriginAllowed(request, webOrigins)) return refuse(socket, '403 Forbidden');
    if (this.#stopped) return refuse(socket, '503 Service Unavailable');
    // From now on the connection is this client's alone.
    if (!admission.name(socket, clientOfRequest(request, trusted))) return refuse(socket, '429 Too Many Requests');
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#onUpgrade(socket);
      new StreamConnection(new WebSocketPipe(webSocket, socket), this.#services);
    });
  }
}

/** The other end of a connection. */
const endOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
