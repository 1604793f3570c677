import {
  type HandshakeDeps,
  type HandshakeRuns,
  type PacketCrypto,
  readPlainMessage,
  type ServerMessageIds,
  type TransportErrorCode,
  writePlainMessage,
} from '@aerogram/mtproto';
import type { ByteBudget, Clock, Logger, Random, TrustedProxies } from '@aerogram/runtime';
import type { Accounts } from './accounts.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { OtherNodes } from './relay/other-nodes.ts';
import type { PacketRouter } from './packet-router.ts';
import type { KeyDirectory } from './sessions/key-directory.ts';
import type { SessionTable } from './sessions/session-table.ts';
import type { AddressLimits } from './sockets/address-limits.ts';
import type { FlushQueue } from './sockets/flush-queue.ts';
import type { Scheduler } from './scheduler.ts';
import type { OpenConnections } from './sockets/open-connections.ts';
import type { SocketAdmission } from './sockets/socket-admission.ts';

/** Time limits of a connection, in milliseconds, and other bounds. */
export interface ConnectionLimits {
  /** Without a byte from the client. */
  idleTimeoutMs: number;
  /** From the opening of the connection to the first whole packet. */
  firstPacketMs: number;
  /** From the opening of the connection to the first packet under a key, for a client that creates one. */
  firstKeyMs: number;
  /** From the first byte of a packet to its last. */
  packetMs: number;
  /** How long data may stay queued that the client does not read. */
  congestedMs: number;
  /** From the server's close to the client's. */
  lingerMs: number;
  maxSocketsPerKey: number;
}

/** What all connections share. */
export interface GatewayServices {
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: GatewayMetrics;
  limits: ConnectionLimits;
  addresses: AddressLimits;
  admission: SocketAdmission;
  /** The proxies that may say who their clients are. */
  trusted: TrustedProxies;
  /** Open connections, and those that are closing. */
  connections: OpenConnections;
  flushes: FlushQueue;
  scheduler: Scheduler;
  keys: KeyDirectory;
  table: SessionTable;
  router: PacketRouter;
  handshake: HandshakeDeps;
  /** Opens and seals long packets. */
  packets: PacketCrypto;
  accounts: Accounts;
  /** Undefined if this node serves all keys. */
  nodes: OtherNodes | undefined;
  /** Bounds the bytes of long packets that are on the way in this process. */
  parts: ByteBudget;
  /** The longest packet that clients may send, in bytes. */
  packetLimit: number;
  /** Origins of web pages that may use the server, over HTTP or WebSocket. */
  webOrigins: readonly string[];
  /** Creates the msg_ids of unencrypted messages. */
  plainIds: ServerMessageIds;
}

/** The answer to an unencrypted packet. */
export type PlainAnswer =
  | { kind: 'packet'; packet: Uint8Array }
  | { kind: 'error'; code: TransportErrorCode }
  /** Nothing is sent. */
  | { kind: 'none' }
  /** The key store or the workers failed: the connection is closed without an answer. */
  | { kind: 'failed' };

const REQ_DH_PARAMS = 0xd712e4be;

/** Handles an unencrypted packet, which is a step of the key exchange. Never rejects. */
export async function answerPlain(
  services: GatewayServices,
  runs: HandshakeRuns,
  data: Uint8Array,
  address: string,
): Promise<PlainAnswer> {
  const { clock, metrics, addresses, keys, log } = services;
  const message = readPlainMessage(data);
  if (!message || message.body.length < 4) return { kind: 'error', code: -404 };
  const { body } = message;
  // This step is the expensive one: one Diffie-Hellman exponentiation and one RSA operation.
  const costly = new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true) === REQ_DH_PARAMS;
  if (costly && !addresses.allowsHandshake(address, clock.nowMs())) {
    metrics.handshakes.inc({ outcome: 'address-limit' });
    return { kind: 'error', code: -429 };
  }
  const step = await runs.receive(body);
  switch (step.type) {
    case 'created':
      if (services.nodes?.owns(step.key.authKeyId) !== false) keys.adopt(step.key, step.serverSalt, clock.nowMs());
      metrics.handshakes.inc({ outcome: step.key.kind });
      return plainPacket(services, step.body);
    case 'answer':
      return plainPacket(services, step.body);
    case 'refused':
      metrics.handshakes.inc({ outcome: step.reason });
      return { kind: 'error', code: step.code };
    case 'failed':
      metrics.handshakes.inc({ outcome: 'failed' });
      log.warn({ err: step.error }, 'a handshake failed');
      return { kind: 'failed' };
    case 'ignored':
      return { kind: 'none' };
  }
}

function plainPacket({ plainIds, clock }: GatewayServices, body: Uint8Array): PlainAnswer {
  return { kind: 'packet', packet: writePlainMessage(plainIds.next(clock.nowMs(), 'answer'), body) };
}
