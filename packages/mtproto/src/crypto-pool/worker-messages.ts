import type { Opened } from '@aerogram/crypto';
import type { OpenedRequest } from '../handshake/handshake-crypto.ts';

/** Data with which a worker is started. */
export interface WorkerStart {
  /** Private keys as PKCS#1 PEM. */
  pems: string[];
}

/** A step for a worker. */
export type WorkerRequest =
  | { id: number; op: 'open'; fingerprint: bigint; encrypted: Uint8Array }
  | { id: number; op: 'agree'; secret: Uint8Array; gB: Uint8Array }
  | { id: number; op: 'open-packet'; authKey: Uint8Array; packet: Uint8Array };

/** Messages of a worker: once that it is ready, then the result of each step by its id. */
export type WorkerReply =
  | { type: 'ready' }
  | { type: 'opened'; id: number; opened: OpenedRequest | undefined }
  | { type: 'agreed'; id: number; authKey: Uint8Array }
  | { type: 'opened-packet'; id: number; opened: Opened | undefined }
  | { type: 'failed'; id: number; message: string };
