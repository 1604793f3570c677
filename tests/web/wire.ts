import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What connects browsers with a server, and can be cut. Browsers that are told to be offline go on in their shared workers. */
export interface Wire extends AsyncDisposable {
  readonly port: number;
  /** Ends all connections, and refuses others. */
  cut(): void;
  mend(): void;
}

/** Lays a wire to a port of this machine. */
export async function layWire(target: number): Promise<Wire> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    if (isCut) client.destroy();
  });
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => void (isCut = false),
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
