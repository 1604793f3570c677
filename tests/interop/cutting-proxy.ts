import { type Direction, type ProxyTarget, startTcpProxy, type TcpProxy } from '../../packages/gateway/test/tcp-proxy.ts';

/** Connections that a proxy cuts: those that have carried a number of bytes, up or down, until as many were cut as wanted. */
interface Cuts {
  direction: Direction;
  bytes: number;
  left: number;
}

/** A TCP proxy on loopback that cuts connections in the middle of a transfer. */
export interface CuttingProxy extends Omit<TcpProxy, 'endAll'> {
  /** Where connections lead from now on. */
  leadTo(target: ProxyTarget): void;
  /** Cuts the next `count` connections that have carried this many bytes in one direction since now. */
  cut(direction: Direction, bytes: number, count: number): void;
  /** How many of these cuts are still to come. */
  readonly left: number;
}

/** Starts a proxy. */
export async function startCuttingProxy(): Promise<CuttingProxy> {
  let target: ProxyTarget | undefined;
  let cuts: Cuts = { direction: 'up', bytes: 0, left: 0 };
  const proxy = await startTcpProxy({
    findTarget: () => target,
    watch: (end) => {
      let carried = 0;
      let counted: Cuts | undefined;
      return (direction, bytes) => {
        if (counted !== cuts) carried = 0;
        counted = cuts;
        if (direction !== cuts.direction || cuts.left === 0) return;
        carried += bytes;
        if (carried < cuts.bytes) return;
        cuts.left--;
        end();
      };
    },
  });
  return {
    host: proxy.host,
    port: proxy.port,
    leadTo(to) {
      target = to;
    },
    cut(direction, bytes, left) {
      cuts = { direction, bytes, left };
    },
    get left() {
      return cuts.left;
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
