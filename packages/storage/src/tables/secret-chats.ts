import type { Generated } from 'kysely';

/** The log of one device (migration 0141): the counters that number what that device alone may see. */
interface DeviceLogsTable {
  owner_id: bigint;
  auth_key_id: bigint;
  /** Number of the last event. Events are numbered from 1. */
  seq: number;
  /** Of the last message. */
  qts: number;
  /** Up to here the device needs no message any more. */
  confirmed_qts: number;
  /** Messages that the device has not confirmed, and the bytes of their payloads. */
  message_count: number;
  message_bytes: bigint;
  epoch: number;
}

interface DeviceEventsTable {
  owner_id: bigint;
  auth_key_id: bigint;
  seq: number;
  /** 0 for what is no message. */
  qts: number;
  /** See `DeviceEventKind` of the domain. */
  kind: number;
  chat_id: number;
  date: number;
  random_id: bigint | null;
  file_id: bigint | null;
  /** The update, as the device gets it. */
  payload: Uint8Array;
}

/** One side of a secret chat. */
interface SecretChatRowsTable {
  owner_id: bigint;
  chat_id: number;
  /** The device of the owner; 0 until one has accepted the chat. */
  auth_key_id: bigint;
  peer_id: bigint;
  peer_auth_key_id: bigint;
  is_requester: boolean;
  access_hash: bigint;
  /** See `ChatState` of the domain. */
  state: number;
  g_a: Uint8Array;
  g_b: Uint8Array | null;
  fingerprint: bigint | null;
  date: number;
  /** Up to which date the owner has read what the peer sent. */
  read_date: Generated<number>;
  ended_date: number | null;
  ended_by_owner: Generated<boolean>;
}

/** What was sent in the last two days, so that a repeated call does nothing twice. */
interface SecretSendsTable {
  owner_id: bigint;
  chat_id: number;
  random_id: bigint;
  date: number;
  file_id: bigint | null;
}

/** Files of secret chats: bytes that were encrypted by the sender. */
interface SecretFilesTable {
  file_id: bigint;
  uploader_id: bigint;
  /** Of the row in `blobs`; random, so that two equal files have nothing in common. */
  identity: Uint8Array;
  size: bigint;
  key_fingerprint: number;
  is_sent: boolean;
  created_date: number;
  used_date: number;
}

export interface SecretChatsTables {
  device_logs: DeviceLogsTable;
  device_events: DeviceEventsTable;
  secret_chats: SecretChatRowsTable;
  secret_sends: SecretSendsTable;
  secret_files: SecretFilesTable;
}
