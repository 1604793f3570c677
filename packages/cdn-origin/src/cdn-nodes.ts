import type { NodeKeys } from '@aerogram/cdn-protocol';
import type { Endpoint, ServerPublicKey } from '@aerogram/runtime';

/** A CDN node that the operator has added. */
export interface KnownNode {
  /** DC id by which clients know the node: 203 and up. It is never given to a node with another key. */
  readonly dc: number;
  /** Fingerprint of its RSA key in hex. */
  readonly id: string;
  /** Address that clients are told. The host is an IP address. */
  readonly client: Endpoint;
  /** Its private port. */
  readonly push: Endpoint;
  readonly publicKey: ServerPublicKey;
  /** Name that the operator gave to its region; empty: none. It matches clients only if it is a country, as two capital letters. */
  readonly region: string;
  readonly keys: NodeKeys;
}

/** A window of a file's ciphertext, which is at most `WINDOW_BYTES` long. */
export interface PushedWindow {
  /** 16 bytes: the name of the file at this node. */
  fileId: Uint8Array;
  /** Index of the window. */
  window: number;
  /** Size of the whole file in bytes. */
  size: number;
}

/**
 * What became of a pushed window. `full`: the node, or this server, has no memory for it now. `forgotten`: the node was told to forget the
 * file. `failed`: the node did not answer, or not as it should; it is not chosen for some time.
 */
export type PushOutcome = 'ok' | 'full' | 'forgotten' | 'failed';

/** The CDN nodes of this server. What it says is in memory; changes by the operator arrive within two seconds. */
export interface CdnNodes {
  /** All nodes, also those that are away, by DC id. */
  list(): readonly KnownNode[];
  /**
   * Chooses a node for a client: one of the region before others, then the one with the least to do. Only nodes are chosen that have
   * answered lately.
   * @param region of the client; undefined if it is not known
   * @returns undefined if no node can be used now
   */
  choose(region: string | undefined): KnownNode | undefined;
  /** Pushes a window to a node. Never throws. */
  pushWindow(node: KnownNode, window: PushedWindow, ciphertext: Uint8Array): Promise<PushOutcome>;
}

/** The nodes of a server that has none. */
export const NO_CDN_NODES: CdnNodes = {
  list: () => [],
  choose: () => undefined,
  pushWindow: () => Promise.resolve('failed'),
};
