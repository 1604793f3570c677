import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What connects browsers with a server, and can be cut. Browsers that are told to be offline go on in their shared workers. */
export interface Wire extends AsyncDisposable {
  readonly port: number;
  /** Ends all connections, and refuses others. */
  cut(): void;
  /** Does so as soon as the wire has carried that many bytes more. @returns when that happened */
  cutAfter(bytes: number): Promise<void>;
  mend(): void;
}

/** Lays a wire to a port of this machine. */
export async function layWire(target: number): Promise<Wire> {
  let isCut = false;
  let [left, onCut] = [Infinity, (): void => {}];
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
      socket.on('data', ({ length }) => {
        left -= length;
        if (left <= 0) cut();
      });
      socket.pipe(other);
    }
    if (isCut) client.destroy();
  });
  const cut = (): void => {
    [isCut, left] = [true, Infinity];
    for (const socket of sockets) socket.destroy();
    onCut();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    cutAfter: (bytes) => new Promise((resolve) => ([left, onCut] = [bytes, resolve])),
    mend: () => void (isCut = false),
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
