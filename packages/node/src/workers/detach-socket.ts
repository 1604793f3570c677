import { Socket } from 'node:net';

/** The system's end of a socket, as `node:cluster` passes it between processes. */
export interface SocketHandle {
  readStop(): void;
  onread?: unknown;
  close(): void;
}

/** A socket as it is inside; Node's types leave this out. */
interface Inside {
  _handle: SocketHandle | null;
  /** The server that accepted it and counts it; `server` may be another one, which speaks HTTP with it. */
  _server: { _connections: number } | null;
}

/**
 * Takes the system's end out of a socket that has nothing unread, so that another process can have it. To be called while a
 * chunk of it is being handled: from then on nothing more is read here, and the other process reads on.
 * @returns undefined when the socket is closed
 */
export function detachSocket(socket: Socket): SocketHandle | undefined {
  const inside = socket as unknown as Inside;
  const handle = inside._handle;
  if (!handle) return undefined;
  handle.readStop();
  handle.onread = () => {};
  inside._handle = null;
  // Its server waits for the end of no connection that is not its own any more.
  if (inside._server) inside._server._connections -= 1;
  inside._server = null;
  socket.removeAllListeners();
  return handle;
}

/** Makes a socket of what {@link detachSocket} took out, on the other side. */
export function attachSocket(handle: SocketHandle): Socket {
  // What `node:child_process` does with a socket that it is sent.
  return new Socket({ handle, readable: true, writable: true } as object);
}
