import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClientAddress, Gateway } from '@aerogram/gateway';
import { findDomainRoute } from '../http/domain-routes.ts';
import { CLIENT_HEADER } from './control.ts';
import { forwardRequest } from './forward-request.ts';
import { ownsShard } from './shards.ts';

export interface WorkerDoorDeps {
  gateway: Pick<Gateway, 'handleHttp'>;
  /** Answers what needs the domain. */
  domain: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The place of this worker among the workers, from 0, and how many there are. */
  slot: number;
  workers: number;
  /** Where this worker takes requests that other processes forward. */
  httpPath: string;
  /** Where the supervisor does. */
  supervisorPath: string;
}

/**
 * The HTTP of a worker: requests that the supervisor forwards one by one, and connections that it has handed over because their first
 * request is for this worker. Behind a reverse proxy the next request of such a connection may be for anybody: it goes to the
 * supervisor, which knows whom to ask.
 */
export class WorkerDoor {
  readonly #deps: WorkerDoorDeps;
  readonly #server: Server;
  readonly #handed = new WeakSet<Socket>();

  constructor(deps: WorkerDoorDeps) {
    this.#deps = deps;
    this.#server = createServer({ requireHostHeader: false }, (request, response) => this.#serve(request, response));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    // A WebSocket is handed over by itself, for its key.
    this.#server.on('upgrade', (_request, socket: Duplex) => refuseUpgrade(socket));
  }

  /** Takes requests from now on. @throws what the system says when it cannot */
  async listen(): Promise<void> {
    const { httpPath } = this.#deps;
    // One before this that was killed has left its socket behind.
    rmSync(httpPath, { force: true });
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(httpPath, resolve));
  }

  /** Takes over a connection that another process accepted. @param bytes what that one has read of it */
  take(socket: Socket, bytes: Uint8Array): void {
    this.#handed.add(socket);
    socket.unshift(bytes);
    this.#server.emit('connection', socket);
    socket.resume();
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  readonly #serve: RequestListener = (request, response) => {
    const { gateway, domain, supervisorPath } = this.#deps;
    const route = findDomainRoute(request.url);
    if (this.#handed.has(request.socket)) {
      if (route && ownsShard(this.#deps, route.shard)) domain(request, response);
      else forwardRequest(request, response, { socketPath: supervisorPath });
      return;
    }
    // Nobody but the other processes of this server reaches this socket.
    const client = JSON.parse(String(request.headers[CLIENT_HEADER])) as ClientAddress;
    if (!gateway.handleHttp(request, response, client) && !domain(request, response)) response.writeHead(404, { 'Content-Length': 0 }).end();
  };
}

function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
