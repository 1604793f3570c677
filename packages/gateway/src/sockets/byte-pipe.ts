/** What a pipe tells its owner. */
export interface PipeOwner {
  /** Bytes came; they do not change any more. */
  onData(chunk: Uint8Array): void;
  /** What was written has left, after much of it waited. */
  onDrain(): void;
  /** The pipe is closed, by the client or by a fault of the network. Called once; nothing comes after it. */
  onClosed(reason: 'client' | 'network'): void;
}

/** A connection as a stream of bytes: a TCP socket or a WebSocket. */
export interface BytePipe {
  readonly kind: 'tcp' | 'websocket';
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** Bytes written that the system has not taken yet. */
  readonly unsentBytes: number;
  /** Begins to report to its owner. */
  open(owner: PipeOwner): void;
  /** Writes packets together. Over a WebSocket each is a frame: some clients take a frame for a packet. */
  write(packets: readonly Uint8Array[]): void;
  pause(): void;
  resume(): void;
  /** Sends what waits, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}
