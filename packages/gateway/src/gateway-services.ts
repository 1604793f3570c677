import {
  type HandshakeDeps,
  type HandshakeRuns,
  type PacketCrypto,
  readPlainMessage,
  type ServerMessageIds,
  type TransportErrorCode,
  writePlainMessage,
} from '@aerogram/mtproto';
import type { Clock, Logger, Random } from '@aerogram/runtime';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { PacketRouter } from './packet-router.ts';
import type { KeyDirectory } from './sessions/key-directory.ts';
import type { SessionTable } from './sessions/session-table.ts';
import type { AddressLimits } from './sockets/address-limits.ts';
import type { FlushQueue } from './sockets/flush-queue.ts';
import type { Turns } from './turns.ts';
import type { OpenConnections } from './sockets/open-connections.ts';

/** Time limits and bounds of connections. */
export interface ConnectionLimits {
  /** Without a byte from the client. */
  idleTimeoutMs: number;
  /** From the opening to the first whole packet. */
  firstPacketMs: number;
  /** From the opening to the first packet under a key, for a client that makes one. */
  firstKeyMs: number;
  /** From the first byte of a packet to its last. */
  packetMs: number;
  /** Without the client reading what waits for it. */
  congestedMs: number;
  /** From the server's closing to the client's. */
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
  /** Open connections, and those that are closing. */
  connections: OpenConnections;
  flushes: FlushQueue;
  turns: Turns;
  keys: KeyDirectory;
  table: SessionTable;
  router: PacketRouter;
  handshake: HandshakeDeps;
  packets: PacketCrypto;
  /** Origins of pages that may speak to the server, over HTTP and by WebSocket. */
  webOrigins: readonly string[];
  /** Numbers unencrypted messages. */
  plainIds: ServerMessageIds;
}

/** What an unencrypted packet is answered with. */
export type PlainAnswer =
  | { kind: 'packet'; packet: Uint8Array }
  | { kind: 'error'; code: TransportErrorCode }
  /** Nothing is to be sent. */
  | { kind: 'none' }
  /** The key store or the workers failed: the connection is closed without a word. */
  | { kind: 'failed' };

const REQ_DH_PARAMS = 0xd712e4be;

/** Takes in an unencrypted packet: a step of the key exchange. Never rejects. */
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
  // The step that costs: one power of Diffie-Hellman and one of RSA.
  const costly = new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true) === REQ_DH_PARAMS;
  if (costly && !addresses.allowsHandshake(address, clock.nowMs())) {
    metrics.handshakes.inc({ outcome: 'address-limit' });
    return { kind: 'error', code: -429 };
  }
  const step = await runs.receive(body);
  switch (step.type) {
    case 'created':
      keys.adopt(step.key, step.serverSalt, clock.nowMs());
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
