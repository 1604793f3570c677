// Row types of migrations 0081-cdn-nodes and 0082-cdn-files.
import type { Generated } from 'kysely';

/** A CDN node that an operator has added. The row of a removed one stays, so that its DC id is never given to another key. */
export interface CdnNodesTable {
  /** 203 and up. */
  dc_id: number;
  /** Fingerprint of its RSA key in hex. */
  node_id: string;
  /** PKCS#1 PEM. */
  public_key: string;
  fingerprint: bigint;
  /** An IP address. */
  client_host: string;
  client_port: number;
  push_host: string;
  push_port: number;
  /** Empty: none. */
  region: string;
  /** The secret that it shares with the server, wrapped by the master key of files; null: the node was removed. */
  wrapped_secret: Uint8Array | null;
  /** Grows when the node is added again with another secret. */
  secret_version: number;
  added_date: number;
  removed_date: number | null;
  /** Grows with each change by an operator. */
  revision: number;
  /** The last revision that the running server has read. */
  known_revision: number;
  /** When it last answered; null: not since it was added. */
  heard_date: number | null;
  /** Since when it does not answer as it should; null: it does, or was not asked yet. */
  failing_date: number | null;
  /** Why, in words for the operator. */
  fault: string | null;
}

/** A file for which clients may have tokens of a CDN node, by the post from which they have it. */
export interface CdnFilesTable {
  /** DC id of the node. */
  dc_id: number;
  /** The name of the file at the node. */
  file_id: Uint8Array;
  /** Of the channel, not marked. */
  channel_id: bigint;
  msg_id: number;
  document_id: bigint;
  /** 0: may be served; 1: the node must forget it; 2: the node has forgotten it. */
  state: Generated<number>;
  /** From then on no token for it is valid, and the node does not remember any longer that it had to forget it. */
  until_date: number;
}

export interface CdnTables {
  cdn_files: CdnFilesTable;
  cdn_nodes: CdnNodesTable;
}
