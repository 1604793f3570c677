import type { Socket } from 'node:net';
import type { BytePipe, PipeOwner } from './byte-pipe.ts';

/** The address without the prefix that IPv4 has on a dual-stack socket. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** A TCP socket. */
export class TcpPipe implements BytePipe {
  readonly kind = 'tcp';
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #socket: Socket;
  #failed = false;
  #release: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.localAddress = plainAddress(socket.localAddress);
    this.localPort = socket.localPort ?? 0;
    socket.setNoDelay(true);
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  open(owner: PipeOwner): void {
    const socket = this.#socket;
    const onData = (chunk: Uint8Array): void => owner.onData(chunk);
    const onDrain = (): void => owner.onDrain();
    const onClose = (): void => owner.onClosed(this.#failed ? 'network' : 'client');
    const onError = (): void => {
      this.#failed = true;
    };
    socket.on('data', onData).on('drain', onDrain).on('close', onClose).on('error', onError);
    this.#release = () => {
      socket.off('data', onData).off('drain', onDrain).off('close', onClose).off('error', onError);
    };
  }

  /** Gives the socket to somebody else, with bytes that were read and not used. */
  handOver(unread: Uint8Array): Socket {
    this.#release?.();
    this.#socket.pause();
    if (unread.length > 0) this.#socket.unshift(unread);
    return this.#socket;
  }

  write(packets: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    if (packets.length === 1) {
      socket.write(packets[0]!);
      return;
    }
    socket.cork();
    for (const packet of packets) socket.write(packet);
    socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
    // What still comes is read and thrown away, so that the client's half can close too.
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
