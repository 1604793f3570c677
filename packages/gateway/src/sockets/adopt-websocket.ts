import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/**
 * Limits of a WebSocket, under the names that `ws` uses. The server class of `ws` has defaults for them; a WebSocket created without it has
 * none.
 */
export interface WebSocketLimits {
  /** Bytes per message. */
  maxPayload: number;
  /** Frames per message. */
  maxFragments: number;
  /** Chunks per frame. */
  maxBufferedChunks: number;
  /** Pongs that may wait until the client reads them. */
  maxPendingAutoPongs: number;
  skipUTF8Validation: boolean;
}

/** What the server class of `ws` calls after it has answered an upgrade; not part of the published types. */
interface Adopting extends WebSocket {
  setSocket(socket: Socket, head: Buffer, options: object): void;
}
const ServerWebSocket = WebSocket as unknown as new (address: null, protocols: undefined, options: object) => Adopting;

const CLOSE_TIMEOUT_MS = 30_000;

/** Creates the server's end of a WebSocket whose upgrade another process has answered. @param head bytes read after the upgrade request */
export function adoptWebSocket(socket: Socket, head: Uint8Array, options: WebSocketLimits): WebSocket {
  const all = { ...options, autoPong: true, allowSynchronousEvents: true, closeTimeout: CLOSE_TIMEOUT_MS };
  const webSocket = new ServerWebSocket(null, undefined, all);
  webSocket.setSocket(socket, Buffer.from(head), all);
  return webSocket;
}
