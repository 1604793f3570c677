import { startTcpProxy } from '../../packages/gateway/test/tcp-proxy.ts';

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
  const proxy = await startTcpProxy({
    findTarget: () => (isCut ? undefined : { host: '127.0.0.1', port: target }),
    watch: () => (_direction, bytes) => {
      left -= bytes;
      if (left <= 0) cut();
    },
  });
  const cut = (): void => {
    [isCut, left] = [true, Infinity];
    proxy.endAll();
    onCut();
  };
  return {
    port: proxy.port,
    cut,
    cutAfter: (bytes) => new Promise((resolve) => ([left, onCut] = [bytes, resolve])),
    mend: () => void (isCut = false),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
