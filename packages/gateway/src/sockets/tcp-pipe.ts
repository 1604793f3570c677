import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { FREED_FROM_BYTES, freeBytes } from '@aerogram/mtproto';
import { clientOf } from '../client-address.ts';
import type { BytePipe, PipeOwner } from '../byte-pipe.ts';

const OWNER = Symbol('owner');

/** A socket that stores the owner of its pipe. */
type OwnedSocket = Socket & { [OWNER]?: { pipe: PipeOwner; failed: boolean } };

// Shared by all sockets: separate closures would cost a kilobyte per socket.
const LISTENERS = {
  data(this: OwnedSocket, chunk: Uint8Array): void {
    this[OWNER]?.pipe.onData(chunk);
  },
  drain(this: OwnedSocket): void {
    this[OWNER]?.pipe.onDrain();
  },
  close(this: OwnedSocket): void {
    this[OWNER]?.pipe.onClosed(this[OWNER].failed ? 'network' : 'client');
  },
  error(this: OwnedSocket): void {
    if (this[OWNER]) this[OWNER].failed = true;
  },
};

/**
 * Replaces the `push` method of a socket. Node's stream puts each chunk through its buffer, emits it, and checks in the next tick whether
 * to read on, which is a tenth of the cost of an idle client's ping. While the buffer is empty, this passes the chunk to the owner at once.
 */
function push(this: OwnedSocket, chunk: Uint8Array | null): boolean {
  const owner = this[OWNER]?.pipe;
  if (chunk === null || owner === undefined || this.readableFlowing !== true || this.readableLength > 0) return Readable.prototype.push.call(this, chunk);
  owner.onData(chunk);
  return true;
}

function writeTo(socket: Socket, packet: Uint8Array): void {
  if (packet.length < FREED_FROM_BYTES) socket.write(packet);
  else socket.write(packet, () => freeBytes(packet));
}

/** A TCP socket. */
export class TcpPipe implements BytePipe {
  readonly kind = 'tcp';
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly isForwarded: boolean | undefined;
  readonly #socket: OwnedSocket;

  constructor(socket: Socket) {
    this.#socket = socket;
    ({ remoteAddress: this.remoteAddress, localAddress: this.localAddress, localPort: this.localPort, isForwarded: this.isForwarded } = clientOf(socket));
    socket.setNoDelay(true);
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  open(owner: PipeOwner): void {
    const { data, drain, close, error } = LISTENERS;
    this.#socket[OWNER] = { pipe: owner, failed: false };
    this.#socket.on('data', data).on('drain', drain).on('close', close).on('error', error);
    this.#socket.push = push;
  }

  /** Gives the socket to another owner, with the bytes that were read and not used. */
  handOver(unread: Uint8Array): Socket {
    const { data, drain, close, error } = LISTENERS;
    this.#socket[OWNER] = undefined;
    this.#socket.off('data', data).off('drain', drain).off('close', close).off('error', error);
    // Restores the method of the class.
    Reflect.deleteProperty(this.#socket, 'push');
    this.#socket.pause();
    if (unread.length > 0) this.#socket.unshift(unread);
    return this.#socket;
  }

  write(packets: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    if (packets.length === 1) {
      writeTo(socket, packets[0]!);
      return;
    }
    socket.cork();
    for (const packet of packets) writeTo(socket, packet);
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
    // Incoming data is read and discarded, so that the client can close its half too.
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
