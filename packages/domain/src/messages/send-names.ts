import type { KeyedMac } from '../shared/index.ts';

/** Names the messages to people elsewhere. */
export interface SendNames {
  /** The global_id of a send: the same for each repeat, also after the server was restored from a backup, and nobody else can find it out beforehand. */
  of(senderId: bigint, randomId: bigint): bigint;
}

/** Creates the names. @param macs of 8 bytes */
export function createSendNames(macs: KeyedMac): SendNames {
  return {
    of(senderId, randomId) {
      const place = Buffer.alloc(16);
      place.writeBigInt64LE(senderId, 0);
      place.writeBigInt64LE(randomId, 8);
      return macs.of(place).readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn;
    },
  };
}
