import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/** Limits of a WebSocket, as `ws` names them. Its server has defaults for them; a WebSocket that is made without it has none. */
export interface WebSocketLimits {
  /** Bytes of a message. */
  maxPayload: number;
  /** Frames that a message may come in. */
  maxFragments: number;
  /** Pieces that a frame may come in. */
  maxBufferedChunks: number;
  /** Pongs that may wait for the client to read them. */
  maxPendingAutoPongs: number;
  skipUTF8Validation: boolean;
}

/** What the server of `ws` does once it has answered an upgrade; its types leave it out. */
interface Adopting extends WebSocket {
  setSocket(socket: Socket, head: Buffer, options: object): void;
}
const ServerWebSocket = WebSocket as unknown as new (address: null, protocols: undefined, options: object) => Adopting;

const CLOSE_TIMEOUT_MS = 30_000;

/** Makes the server's end of a WebSocket whose upgrade another process has answered. @param head what came behind it */
export function adoptWebSocket(socket: Socket, head: Uint8Array, options: WebSocketLimits): WebSocket {
  const all = { ...options, autoPong: true, allowSynchronousEvents: true, closeTimeout: CLOSE_TIMEOUT_MS };
  const webSocket = new ServerWebSocket(null, undefined, all);
  webSocket.setSocket(socket, Buffer.from(head), all);
  return webSocket;
}
