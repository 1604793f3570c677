import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Connections that a proxy cuts: those that have carried a number of bytes, up or down, until as many were cut as wanted. */
interface Cuts {
  direction: 'up' | 'down';
  bytes: number;
  left: number;
}

/** A TCP proxy on loopback that cuts connections in the middle of a transfer. */
export interface CuttingProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Where connections lead from now on. */
  leadTo(target: { host: string; port: number }): void;
  /** Cuts the next `count` connections that have carried this many bytes in one direction since now. */
  cut(direction: 'up' | 'down', bytes: number, count: number): void;
  /** How many of these cuts are still to come. */
  readonly left: number;
}

/** Starts a proxy. */
export async function startCuttingProxy(): Promise<CuttingProxy> {
  let target: { host: string; port: number } | undefined;
  let cuts: Cuts = { direction: 'up', bytes: 0, left: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target!.port, target!.host);
    let carried = 0;
    let counted: Cuts | undefined;
    const count = (direction: Cuts['direction'], bytes: number): void => {
      if (counted !== cuts) carried = 0;
      counted = cuts;
      if (direction !== cuts.direction || cuts.left === 0) return;
      carried += bytes;
      if (carried < cuts.bytes) return;
      cuts.left--;
      for (const socket of [client, upstream]) socket.destroy();
    };
    client.on('data', (bytes) => count('up', bytes.length));
    upstream.on('data', (bytes) => count('down', bytes.length));
    client.pipe(upstream);
    upstream.pipe(client);
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    leadTo(to) {
      target = to;
    },
    cut(direction, bytes, left) {
      cuts = { direction, bytes, left };
    },
    get left() {
      return cuts.left;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
