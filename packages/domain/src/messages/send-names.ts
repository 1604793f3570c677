import type { KeyedMac } from '../shared/index.ts';
import type { EditEffect } from './edit-effect.ts';
import type { MessageEffect } from './message-effect.ts';

/** A message to somebody elsewhere before its server has sealed it. */
export type UnsealedMessage = Omit<MessageEffect, 'seal'>;

/** Names the messages to people elsewhere, and seals them, so that this server knows them again when another returns them. */
export interface SendNames {
  /** The global_id of a send: the same for each repeat, also after the server was restored from a backup, and nobody else can find it out beforehand. */
  of(senderId: bigint, randomId: bigint): bigint;
  /** Seals all but the id of the sender's copy, which changes when the message is returned. */
  seal(message: UnsealedMessage): MessageEffect;
  /** Whether this server has sent exactly this message. */
  isOwn(message: MessageEffect): boolean;
  /** Seals an edit, which changes what people here have written if another server returns it. */
  sealEdit(edit: Omit<EditEffect, 'seal'>): EditEffect;
  /** Whether this server has sent exactly this edit. */
  isOwnEdit(edit: EditEffect): boolean;
}

/** Length of the codes in bytes. */
export const NAME_MAC_BYTES = 16;

/** What a code is over, so that no code is good for the other use. */
const [OF_NAME, OF_MESSAGE, OF_EDIT] = [1n, 2n, 3n] as const;

function pack(...numbers: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 8);
  for (const [at, number] of numbers.entries()) bytes.writeBigInt64LE(number, at * 8);
  return bytes;
}

/** Creates the names. @param macs of {@link NAME_MAC_BYTES} */
export function createSendNames(macs: KeyedMac): SendNames {
  const of = (senderId: bigint, randomId: bigint): bigint => macs.of(pack(OF_NAME, senderId, randomId)).readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn;
  const partsOf = ({ from, to, globalId, randomId, date, flags, text, extra, answered }: UnsealedMessage): Uint8Array[] => {
    const words = Buffer.from(text);
    return [pack(OF_MESSAGE, from, to, globalId, randomId, BigInt(date), BigInt(flags), answered ?? 0n, BigInt(words.length)), words, extra ?? new Uint8Array()];
  };
  const partsOfEdit = ({ from, to, globalId, date, text, extra, setsMarkup, noWebpage, invertMedia }: Omit<EditEffect, 'seal'>): Uint8Array[] => {
    const words = text === undefined ? undefined : Buffer.from(text);
    const marks = [setsMarkup, noWebpage, invertMedia].map((is) => (is ? 1n : 0n));
    return [pack(OF_EDIT, from, to, globalId, BigInt(date), ...marks, BigInt(words?.length ?? -1)), words ?? new Uint8Array(), extra ?? new Uint8Array()];
  };
  const isSealed = (seal: Uint8Array, parts: readonly Uint8Array[]): boolean => seal.length === NAME_MAC_BYTES && macs.matches(macs.newest, seal, ...parts);
  return {
    of,
    seal: (message) => ({ ...message, seal: macs.of(...partsOf(message)) }),
    isOwn: (message) => of(message.from, message.randomId) === message.globalId && isSealed(message.seal, partsOf(message)),
    sealEdit: (edit) => ({ ...edit, seal: macs.of(...partsOfEdit(edit)) }),
    isOwnEdit: (edit) => isSealed(edit.seal, partsOfEdit(edit)),
  };
}
