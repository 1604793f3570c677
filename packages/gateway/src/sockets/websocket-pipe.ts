import type { Socket } from 'node:net';
import { FREED_FROM_BYTES, freeBytes } from '@aerogram/mtproto';
import type { WebSocket } from 'ws';
import { clientOf } from '../client-address.ts';
import type { BytePipe, PipeOwner } from '../byte-pipe.ts';

const NORMAL_CLOSURE = 1000;
const UNSUPPORTED_DATA = 1003;

/** A WebSocket whose binary frames form a stream of bytes. */
export class WebSocketPipe implements BytePipe {
  readonly kind = 'websocket';
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly isForwarded: boolean | undefined;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #failed = false;

  /** @param socket the connection that the WebSocket uses */
  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    ({ remoteAddress: this.remoteAddress, localAddress: this.localAddress, localPort: this.localPort, isForwarded: this.isForwarded } = clientOf(socket));
    socket.setNoDelay(true);
  }

  get unsentBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  open(owner: PipeOwner): void {
    this.#webSocket.on('message', (data, isBinary) => {
      if (!isBinary) return this.#webSocket.close(UNSUPPORTED_DATA);
      // `nodebuffer` is the default binary type: one buffer per message.
      owner.onData(data as Buffer);
    });
    this.#socket.on('drain', () => owner.onDrain());
    this.#webSocket.on('error', () => {
      this.#failed = true;
    });
    this.#webSocket.on('close', () => owner.onClosed(this.#failed ? 'network' : 'client'));
  }

  write(packets: readonly Uint8Array[]): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    this.#socket.cork();
    for (const packet of packets) {
      const onWritten = packet.length < FREED_FROM_BYTES ? undefined : () => freeBytes(packet);
      this.#webSocket.send(packet, { binary: true, compress: false }, onWritten);
    }
    this.#socket.uncork();
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  end(): void {
    this.#webSocket.close(NORMAL_CLOSURE);
    this.#webSocket.resume();
  }

  destroy(): void {
    this.#webSocket.terminate();
  }
}
