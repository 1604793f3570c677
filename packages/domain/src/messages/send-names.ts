import type { KeyedMac } from '../shared/index.ts';

/** Names the messages to people elsewhere. */
export interface SendNames {
  /** The global_id of a send: the same for each repeat, also after the server was restored from a backup, and nobody else can find it out beforehand. */
  of(senderId: bigint, randomId: bigint): bigint;
}

/** What the codes are over, so that none is good for another use of the key. */
const OF_NAME = 1n;

function pack(...numbers: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 8);
  for (const [at, number] of numbers.entries()) bytes.writeBigInt64LE(number, at * 8);
  return bytes;
}

/** Creates the names. @param macs of at least 8 bytes */
export function createSendNames(macs: KeyedMac): SendNames {
  return {
    of: (senderId, randomId) => macs.of(pack(OF_NAME, senderId, randomId)).readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn,
  };
}
