import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/** What `ws` calls when its own server has answered an upgrade; its types leave it out. */
interface Adopting extends WebSocket {
  setSocket(socket: Socket, head: Buffer, options: AdoptOptions): void;
}

/** Limits of the WebSocket, as `ws` names them. */
export interface AdoptOptions {
  maxPayload: number;
  skipUTF8Validation: boolean;
  allowSynchronousEvents: boolean;
}

/** Makes the server's end of a WebSocket whose upgrade another process has answered. @param head what came behind it */
export function adoptWebSocket(socket: Socket, head: Uint8Array, options: AdoptOptions): WebSocket {
  // Without an address it is the server's end.
  const webSocket = new WebSocket(null) as Adopting;
  webSocket.setSocket(socket, Buffer.from(head), options);
  return webSocket;
}
