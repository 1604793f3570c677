import type { Generated } from 'kysely';

/** One side of a call between two people (0143). */
export interface PhoneCallsTable {
  owner_id: bigint;
  call_id: bigint;
  is_caller: boolean;
  peer_id: bigint;
  /** Proves that this side was told of the call. */
  access_hash: bigint;
  /** The device of this side; 0 until one of those that ring has answered. */
  auth_key_id: bigint;
  /** The device of the other side, in the same way. */
  peer_auth_key_id: bigint;
  /** By which the caller's device recognises its request. */
  random_id: number;
  video: boolean;
  g_a_hash: Uint8Array;
  g_a: Uint8Array | null;
  g_b: Uint8Array | null;
  fingerprint: bigint | null;
  /** What this side offers, or from the answer on what both do: 1: directly, 2: by a relay. */
  protocol_flags: number;
  min_layer: number;
  max_layer: number;
  versions: string[];
  /** Whether both let the other learn their address; known from the beginning of the talk on. */
  p2p: Generated<boolean>;
  /** Dates are Unix time. */
  date: number;
  /** When a device of the other side has begun to ring. */
  received_date: number | null;
  /** Of the callee: the devices that ring. */
  received_by: Generated<bigint[]>;
  accepted_date: number | null;
  /** When the keys were exchanged. */
  started_date: number | null;
  ended_date: number | null;
  /** When the server ends the call unless something happens before. */
  deadline: number;
  /** Why it ended: 1 missed, 2 busy or declined, 3 hung up, 4 lost. */
  reason: number | null;
  /** Seconds. */
  duration: number | null;
  /** What this side thought of it, from 1 to 5. */
  rating: number | null;
}

/** Tables of calls. */
export interface CallTables {
  phone_calls: PhoneCallsTable;
}
