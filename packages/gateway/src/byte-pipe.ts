/** Receives the events of a pipe. */
export interface PipeOwner {
  /** Bytes arrived. The chunk is not modified afterwards. */
  onData(chunk: Uint8Array): void;
  /** The write buffer was full and is empty again. */
  onDrain(): void;
  /** The pipe was closed by the client or by a network error. Called once, as the last event. */
  onClosed(reason: 'client' | 'network'): void;
}

/** A connection as a stream of bytes: a TCP socket, a WebSocket, or a connection to another node. */
export interface BytePipe {
  readonly kind: 'tcp' | 'websocket' | 'relay';
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** See `ClientAddress`. */
  readonly isForwarded?: boolean | undefined;
  /** Bytes written that the operating system has not taken yet. */
  readonly unsentBytes: number;
  /** Starts reporting to the owner. */
  open(owner: PipeOwner): void;
  /**
   * Writes packets together; nobody else may use their bytes, because those of long ones are freed once they are written. Over a WebSocket
   * each packet is one frame, because some clients expect one packet per frame.
   */
  write(packets: readonly Uint8Array[]): void;
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}
