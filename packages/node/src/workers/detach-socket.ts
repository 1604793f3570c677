import { Socket } from 'node:net';

/** The operating system's handle of a socket, as `node:cluster` passes it between processes. */
export interface SocketHandle {
  readStop(): void;
  onread?: unknown;
  close(): void;
}

/** Internal fields of a socket that are not in Node's types. */
interface Inside {
  _handle: SocketHandle | null;
  /** The server that accepted and counts the socket; `server` may be another one, which parses its HTTP requests. */
  _server: { _connections: number } | null;
}

/**
 * Takes the system handle out of a socket that has no unread data, so that another process can use it. Must be called while a chunk of the
 * socket is being handled: nothing more is read here after that, and the other process continues reading.
 * @returns undefined when the socket is closed
 */
export function detachSocket(socket: Socket): SocketHandle | undefined {
  const inside = socket as unknown as Inside;
  const handle = inside._handle;
  if (!handle) return undefined;
  handle.readStop();
  handle.onread = () => {};
  inside._handle = null;
  // Otherwise its server would wait for the end of this connection when it is closed.
  if (inside._server) inside._server._connections -= 1;
  inside._server = null;
  socket.removeAllListeners();
  return handle;
}

/** Creates a socket from a handle taken out by {@link detachSocket} in another process. */
export function attachSocket(handle: SocketHandle): Socket {
  // The same as `node:child_process` does with a received socket.
  return new Socket({ handle, readable: true, writable: true } as object);
}
