import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Transform } from 'node:stream';

/** What a proxy has carried: `up` from the client to the server, `down` back. */
export type Direction = 'up' | 'down';

/** Where a connection leads. */
export interface ProxyTarget {
  host: string;
  port: number;
}

/** A TCP proxy on loopback. Disposing ends its connections. */
export interface TcpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Ends all connections. */
  endAll(): void;
}

/** How a proxy treats its connections. */
export interface TcpProxyOptions {
  /** Where a new connection leads; undefined refuses it. */
  findTarget(): ProxyTarget | undefined;
  /** Called for each connection, with what ends it. @returns what is called with the number of bytes that it carries */
  watch?(end: () => void): (direction: Direction, bytes: number) => void;
  /** Called for each connection, with what ends it. @returns what makes the stream that the bytes of one direction go through */
  bend?(end: () => void): (direction: Direction) => Transform;
  /** The address from which it connects. */
  localAddress?: string;
  /** Returns the pieces that it sends first over each connection, such as a PROXY header. */
  greet?(): readonly Uint8Array[];
}

/** Starts a proxy on a free port. */
export async function startTcpProxy({ findTarget, watch, bend, localAddress, greet = () => [] }: TcpProxyOptions): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = findTarget();
    if (target === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect({ ...target, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
    for (const piece of greet()) upstream.write(piece);
    const end = (): void => {
      for (const socket of [client, upstream]) socket.destroy();
    };
    const count = watch?.(end);
    const bent = bend?.(end);
    for (const [socket, other, direction] of [[client, upstream, 'up'], [upstream, client, 'down']] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('data', ({ length }) => count?.(direction, length));
      (bent === undefined ? socket : socket.pipe(bent(direction))).pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    endAll,
    async [Symbol.asyncDispose]() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
