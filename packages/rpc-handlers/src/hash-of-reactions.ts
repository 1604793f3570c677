import { createHash } from 'node:crypto';

/** Variation selector for the coloured form of an emoji; the hash ignores it. */
const COLOURED = /\uFE0F/gu;

/**
 * The numbers that a reaction adds to the hash of a list: a custom emoji adds the two halves of its document id; an emoji adds zero and the
 * first four bytes of its MD5. TDLib computes and compares this hash.
 */
export function numbersOfReaction(emoticon: string): bigint[] {
  const digest = createHash('md5').update(emoticon.replace(COLOURED, '')).digest();
  return [0n, BigInt.asUintN(64, BigInt(digest.readInt32BE(0)))];
}

/** The number that a text adds to the hash of a tag list: the first eight bytes of its MD5. */
export function numberOfText(text: string): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(0);
}
