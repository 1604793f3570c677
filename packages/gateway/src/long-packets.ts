import { type DecryptedMessage, LONG_PACKET_BYTES, type PacketCrypto, readOpened } from '@aerogram/mtproto';
import { GUESTS, nameAccount } from './accounts.ts';
import type { KeyEntry } from './sessions/gateway-session.ts';

/** Whether a packet is opened in another thread, by `openLong`. */
export function isLong(packet: Uint8Array): boolean {
  return packet.length >= LONG_PACKET_BYTES;
}

/**
 * Like `decryptMessage`, but in another thread. The packet's bytes must not be used afterwards.
 * @throws Error when the thread died
 */
export async function openLong(packets: PacketCrypto, entry: KeyEntry, packet: Uint8Array): Promise<DecryptedMessage | undefined> {
  const opened = await packets.openPacket(entry.key.bytes, packet, ownerOf(entry));
  return opened && readOpened(opened);
}

/** The name of the account that packets under a key are counted for, also before they are opened. */
export function ownerOf(entry: KeyEntry): string {
  for (const { userId } of entry.sessions.values()) if (userId !== undefined) return nameAccount(userId);
  return GUESTS;
}
