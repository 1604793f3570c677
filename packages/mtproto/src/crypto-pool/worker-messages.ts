import type { OpenedRequest } from '../handshake/handshake-crypto.ts';

/** Data with which a worker is started. */
export interface WorkerStart {
  /** Private keys as PKCS#1 PEM. */
  pems: string[];
}

/** A step for a worker. */
export type WorkerRequest = { op: 'open'; fingerprint: bigint; encrypted: Uint8Array } | { op: 'agree'; secret: Uint8Array; gB: Uint8Array };

/** The result of a step, by its id. */
export type WorkerReply = { type: 'opened'; id: number; opened: OpenedRequest | undefined } | { type: 'agreed'; id: number; authKey: Uint8Array };
