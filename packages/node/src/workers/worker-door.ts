import { rmSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ClientAddress, clientOfRequest, type Gateway } from '@aerogram/gateway';
import type { Clock, TrustedProxies } from '@aerogram/runtime';
import { type DomainHandler, findDomainRoute } from '../http/domain-routes.ts';
import { createTimedServer } from '../http/timed-server.ts';
import { CLIENT_HEADER, forwardRequest } from '../http/forward-request.ts';
import { ownsShard } from './shards.ts';

export interface WorkerDoorDeps {
  gateway: Pick<Gateway, 'handleHttp'>;
  /** Handles the requests that need the domain. */
  domain: DomainHandler;
  /** Index of this worker, from 0, and the number of workers. */
  slot: number;
  workers: number;
  clock: Clock;
  /** The proxies that may say who their clients are. */
  trusted: TrustedProxies;
  /** Socket path on which this worker accepts requests forwarded by other processes. */
  httpPath: string;
  /** The supervisor's socket path. */
  supervisorPath: string;
}

/**
 * The HTTP server of a worker. It gets single requests that the supervisor forwards, and connections that the supervisor passed on because
 * their first request is for this worker. Behind a reverse proxy the next request of such a connection may be for any worker, so it is
 * forwarded to the supervisor, which knows the right one.
 */
export class WorkerDoor {
  readonly #deps: WorkerDoorDeps;
  readonly #server: Server;
  readonly #handed = new WeakSet<Socket>();

  constructor(deps: WorkerDoorDeps) {
    this.#deps = deps;
    this.#server = createTimedServer(deps.clock, (request, response) => this.#serve(request, response));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    // A WebSocket is passed on separately, by its key.
    this.#server.on('upgrade', (_request, socket: Duplex) => refuseUpgrade(socket));
  }

  /** Starts accepting requests. @throws the system's error if it cannot listen */
  async listen(): Promise<void> {
    const { httpPath } = this.#deps;
    // An earlier worker that was killed may have left its socket.
    rmSync(httpPath, { force: true });
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(httpPath, resolve));
  }

  /** Takes over a connection that another process accepted. @param bytes what that process has already read from it */
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
    const { gateway, domain, trusted, supervisorPath } = this.#deps;
    const route = findDomainRoute(request.url);
    if (this.#handed.has(request.socket)) {
      if (route && ownsShard(this.#deps, route.shard)) domain(request, response);
      else forwardRequest(request, response, { to: { socketPath: supervisorPath }, client: clientOfRequest(request, trusted) });
      return;
    }
    // Only the other processes of this server can reach this socket.
    const client = JSON.parse(String(request.headers[CLIENT_HEADER])) as ClientAddress;
    if (!gateway.handleHttp(request, response, client) && !domain(request, response, client)) response.writeHead(404, { 'Content-Length': 0 }).end();
  };
}

function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
