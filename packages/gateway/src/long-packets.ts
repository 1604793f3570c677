import { type DecryptedMessage, LONG_PACKET_BYTES, type PacketCrypto, PacketPoolClosed, readOpened } from '@aerogram/mtproto';
import type { Logger } from '@aerogram/runtime';
import { GUESTS, nameAccount } from './accounts.ts';
import type { KeyEntry } from './sessions/gateway-session.ts';

/** Whether a packet is opened in another thread, by `openLong`. */
export function isLong(packet: Uint8Array): boolean {
  return packet.length >= LONG_PACKET_BYTES;
}

/**
 * Like `decryptMessage`, but in another thread. The packet's bytes must not be used afterwards.
 * @throws PacketPoolClosed, or another Error when the thread died
 */
export async function openLong(packets: PacketCrypto, entry: KeyEntry, packet: Uint8Array): Promise<DecryptedMessage | undefined> {
  const opened = await packets.openPacket(entry.key.bytes, packet, ownerOf(entry));
  return opened && readOpened(opened);
}

/**
 * Logs why a connection or a request failed. A packet that other threads still had when the server stopped is no fault: its connection was closed before,
 * and its client sends it again to the next server.
 */
export function logFault(log: Logger, error: unknown, message: string): void {
  log[error instanceof PacketPoolClosed ? 'debug' : 'error']({ err: error }, message);
}

/** The name of the account that packets under a key are counted for, also before they are opened. */
export function ownerOf(entry: KeyEntry): string {
  for (const { userId } of entry.sessions.values()) if (userId !== undefined) return nameAccount(userId);
  return GUESTS;
}
