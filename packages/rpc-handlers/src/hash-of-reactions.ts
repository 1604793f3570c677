import { createHash } from 'node:crypto';

/** Emoji are told apart without the sign that asks for their coloured form. */
const COLOURED = /\uFE0F/gu;

/**
 * What a reaction adds to the hash of a list: where one of a document has the halves of its id, an emoji has zero and the
 * first four bytes of its MD5. TDLib reckons so and compares.
 */
export function numbersOfReaction(emoticon: string): bigint[] {
  const digest = createHash('md5').update(emoticon.replace(COLOURED, '')).digest();
  return [0n, BigInt.asUintN(64, BigInt(digest.readInt32BE(0)))];
}

/** What a text adds to the hash of a list of tags: the first eight bytes of its MD5. */
export function numberOfText(text: string): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(0);
}
