import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type Endpoint, listenOn } from '@aerogram/runtime';
import type { GatewayServices } from '../gateway-services.ts';
import type { HttpEndpoint } from '../http/http-endpoint.ts';
import { HttpSocket } from '../http/http-socket.ts';
import { StreamConnection } from './stream-connection.ts';
import { plainAddress, TcpPipe } from './tcp-pipe.ts';
import { WebSocketEntry } from './websocket-entry.ts';

/** How the MTProto port is set. */
export const PORT_SETTING = '--port (AEROGRAM_PORT)';

/** Handles HTTP requests that are not MTProto's. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The MTProto port: streams, HTTP and WebSockets told apart by their first bytes. */
export class TcpEntry {
  readonly webSockets: WebSocketEntry;
  readonly #services: GatewayServices;
  readonly #server: Server;
  /** Reads the requests of connections that speak HTTP; it never listens itself. */
  readonly #httpServer: HttpServer;
  readonly #httpSockets = new WeakMap<Socket, HttpSocket>();
  #stopped: Promise<void> | undefined;

  /** @param handler gets the HTTP requests of the port that are not MTProto's. */
  constructor(services: GatewayServices, endpoint: HttpEndpoint, handler: HttpHandler) {
    this.#services = services;
    this.#server = createServer({ pauseOnConnect: false }, (socket) => this.#accept(socket));
    // MTProto over HTTP needs no name of the server.
    this.#httpServer = createHttpServer({ requireHostHeader: false }, (request, response) => {
      const watched = this.#httpSockets.get(request.socket);
      watched?.requestBegan();
      response.once('close', () => watched?.requestEnded());
      if (!endpoint.handle(request, response)) handler(request, response);
    });
    this.#httpServer.on('clientError', (_error, socket) => socket.destroy());
    this.webSockets = new WebSocketEntry(services, (socket) => this.#httpSockets.get(socket)?.upgraded());
    this.webSockets.attach(this.#httpServer);
  }

  /** Opens the port. @param endpoint port 0 picks a free one. @throws OperatorError when the port cannot be had */
  async listen(endpoint: Endpoint): Promise<Endpoint> {
    const opened = await listenOn(this.#server, endpoint, PORT_SETTING);
    this.#server.on('error', (error) => this.#services.log.error({ err: error }, 'the MTProto port failed to accept'));
    return opened;
  }

  /** Takes over a stream that another process accepted and counts. @param bytes what that one has read of it */
  take(socket: Socket, bytes: Uint8Array): void {
    if (this.#stopped) return void socket.destroy();
    const pipe = new TcpPipe(socket);
    if (bytes.length > 0) socket.unshift(bytes);
    new StreamConnection(pipe, this.#services);
  }

  /** Takes no more connections and WebSockets; those that are open stay. @returns a promise that resolves when all of them have ended */
  stop(): Promise<void> {
    this.webSockets.stop();
    this.#stopped ??= new Promise((resolve) => {
      if (this.#server.listening) this.#server.close(() => resolve());
      else resolve();
    });
    return this.#stopped;
  }

  [Symbol.dispose](): void {
    this.webSockets[Symbol.dispose]();
    this.#httpServer.close();
  }

  #accept(socket: Socket): void {
    const { addresses, clock, metrics } = this.#services;
    const address = plainAddress(socket.remoteAddress);
    const refusal = addresses.enter(address, clock.nowMs());
    if (refusal) {
      // No transport is known yet in which −429 could be said.
      metrics.refused(refusal);
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    socket.once('close', () => addresses.leave(address));
    this.webSockets.counted(socket);
    const pipe = new TcpPipe(socket);
    new StreamConnection(pipe, this.#services, (bytes) => {
      const handed = pipe.handOver(bytes);
      this.#httpSockets.set(handed, new HttpSocket(handed, this.#services));
      this.#httpServer.emit('connection', handed);
      handed.resume();
    });
  }
}
