import { createServer, type IncomingHttpHeaders, request as openRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyTarget } from './tcp-proxy.ts';

/** A reverse proxy for HTTP and WebSocket on loopback. Disposing ends its connections. */
export interface HttpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** How a proxy changes the requests that it forwards. */
export interface HttpProxyOptions {
  target: ProxyTarget;
  /** The address from which it connects. */
  localAddress: string;
  /** Headers that it sets. */
  headers: IncomingHttpHeaders;
}

/** Starts a proxy on a free port; its connections to the server stay open for the requests of all clients. */
export async function startHttpProxy({ target, localAddress, headers: own }: HttpProxyOptions): Promise<HttpProxy> {
  const upgraded = new Set<Duplex>();
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const forwarded = openRequest({ ...target, localAddress, method, path: url, headers: { ...headers, ...own } }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
  server.on('upgrade', ({ url = '/', headers }, client, head) => {
    const upstream = connect({ ...target, localAddress, noDelay: true });
    const lines = Object.entries({ ...headers, ...own }).map(([name, value]) => `${name}: ${String(value)}`);
    upstream.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      upgraded.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        upgraded.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
