import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type Endpoint, listenOn } from '@aerogram/runtime';
import type { GatewayServices } from '../gateway-services.ts';
import type { HttpEndpoint } from '../http/http-endpoint.ts';
import { HttpSocket } from '../http/http-socket.ts';
import { StreamConnection } from './stream-connection.ts';
import { TcpPipe } from './tcp-pipe.ts';
import { WebSocketEntry } from './websocket-entry.ts';

/** How an operator sets the MTProto port; used in error messages. */
export const PORT_SETTING = '--port (AEROGRAM_PORT)';

/** Handles HTTP requests that are not MTProto. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The MTProto port. Streams, HTTP and WebSockets are told apart by their first bytes. */
export class TcpEntry {
  readonly webSockets: WebSocketEntry;
  readonly #services: GatewayServices;
  readonly #server: Server;
  /** Parses the requests of connections that speak HTTP; it never listens itself. */
  readonly #httpServer: HttpServer;
  readonly #httpSockets = new WeakMap<Socket, HttpSocket>();
  #stopped: Promise<void> | undefined;

  /** @param handler handles the HTTP requests of the port that are not MTProto */
  constructor(services: GatewayServices, endpoint: HttpEndpoint, handler: HttpHandler) {
    this.#services = services;
    this.#server = createServer({ pauseOnConnect: false }, (socket) => services.admission.admit(socket, (bytes) => this.#serve(socket, bytes)));
    // MTProto over HTTP does not need a Host header.
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

  /** Opens the port. @param endpoint port 0 picks a free one. @throws OperatorError when the port cannot be opened */
  async listen(endpoint: Endpoint): Promise<Endpoint> {
    const opened = await listenOn(this.#server, endpoint, PORT_SETTING);
    this.#server.on('error', (error) => this.#services.log.error({ err: error }, 'the MTProto port failed to accept'));
    return opened;
  }

  /** Takes over a stream that another process accepted and counts. @param bytes what that process has already read from it */
  take(socket: Socket, bytes: Uint8Array): void {
    if (this.#stopped) return void socket.destroy();
    const pipe = new TcpPipe(socket);
    if (bytes.length > 0) socket.unshift(bytes);
    new StreamConnection(pipe, this.#services);
  }

  /** Stops accepting connections and WebSockets; open ones stay. @returns a promise that resolves when all of them have ended */
  stop(): Promise<void> {
    this.webSockets.stop();
    this.#services.admission.stop();
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

  #serve(socket: Socket, bytes: Buffer): void {
    if (this.#stopped) return void socket.destroy();
    const pipe = new TcpPipe(socket);
    const connection = new StreamConnection(pipe, this.#services, (unread) => {
      const handed = pipe.handOver(unread);
      this.#httpSockets.set(handed, new HttpSocket(handed, this.#services));
      this.#httpServer.emit('connection', handed);
      handed.resume();
    });
    if (bytes.length > 0) connection.onData(bytes);
  }
}
