/** Where packets under a key go now: to this node; to nobody until something changes; or to another node. */
export type KeyPlace = 'here' | 'later' | { readonly node: string };

/** A sequence of messages to another node and back, with room of its own. */
export interface RelayChannel {
  readonly node: string;
  /** Bytes of messages that the other end has not counted as consumed. */
  readonly unsentBytes: number;
  send(message: Uint8Array): void;
  /** Counts received messages of so many bytes in all as dealt with, so that the other end may send more. */
  consumed(bytes: number, messages?: number): void;
  /** Closes it when all messages are sent. */
  close(): void;
  /** Closes it at once. */
  destroy(): void;
}

/** Told what comes over a channel. */
export interface RelayEvents {
  message(body: Uint8Array): void;
  /** The other end has consumed messages. */
  room(): void;
  /** Called once, as the last event. */
  closed(by: 'self' | 'other' | 'link'): void;
}

/** The nodes that divide the keys between them (docs/cluster.md), as the gateway sees them. Without others there is none of this. */
export interface OtherNodes {
  /** The newest generation of members that this node has read. */
  readonly generation: number;
  /** Where packets under a key go now. */
  placeOf(authKeyId: bigint): KeyPlace;
  /** Where the handshake with this nonce goes on, if its steps may come by several nodes. @param nonce in hexadecimal digits */
  placeOfNonce(nonce: string): KeyPlace;
  /** Whether this node serves the key as long as it holds its lease. */
  owns(authKeyId: bigint): boolean;
  /** Whether this node may write answers: nobody can have taken its keys over. */
  mayAnswer(): boolean;
  /** Resolves when places may have changed. */
  changed(): Promise<void>;
  /** Another node has read this generation. */
  heardOf(generation: number): void;
  /** Opens a channel to a node. @returns nothing if that is not possible now */
  open(node: string, hello: Uint8Array, listen: (channel: RelayChannel) => RelayEvents): RelayChannel | undefined;
  /** Sets who decides about channels that other nodes open; `undefined` refuses one. */
  onChannel(accept: (channel: RelayChannel, hello: Uint8Array) => RelayEvents | undefined): void;
}
