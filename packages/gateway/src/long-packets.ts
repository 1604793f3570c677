import { type AuthKey, type DecryptedMessage, decryptMessage, type PacketCrypto, readOpened } from '@aerogram/mtproto';

/**
 * Packets from this size on are decrypted in another thread. Half a megabyte takes 2–6 ms, during which no other connection would be
 * served.
 */
const LONG_BYTES = 64 * 1024;

/** Whether a packet should be decrypted by `decryptLong`. */
export function isLong(packet: Uint8Array): boolean {
  return packet.length >= LONG_BYTES;
}

/** Like `decryptMessage`, but in another thread, or in this one if no worker is free. Never rejects. */
export async function decryptLong(crypto: PacketCrypto, key: AuthKey, packet: Uint8Array): Promise<DecryptedMessage | undefined> {
  try {
    const opened = await crypto.openPacket(key.bytes, packet);
    return opened && readOpened(opened);
  } catch {
    return decryptMessage(key, packet);
  }
}
