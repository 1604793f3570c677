import { type AuthKey, type DecryptedMessage, decryptMessage, type PacketCrypto, readOpened } from '@aerogram/mtproto';

/** From here on a packet is decrypted in another thread. Half a megabyte of a file takes 2–6 ms, in which nobody else would be served. */
const LONG_BYTES = 64 * 1024;

/** Whether a packet is to be decrypted by `decryptLong`. */
export function isLong(packet: Uint8Array): boolean {
  return packet.length >= LONG_BYTES;
}

/** As `decryptMessage`, in another thread, or in this one when there is no other that has time. Never rejects. */
export async function decryptLong(crypto: PacketCrypto, key: AuthKey, packet: Uint8Array): Promise<DecryptedMessage | undefined> {
  try {
    const opened = await crypto.openPacket(key.bytes, packet);
    return opened && readOpened(opened);
  } catch {
    return decryptMessage(key, packet);
  }
}
