import { createHash } from 'node:crypto';

import type { GivenEmoji } from '@aerogram/domain';

/** Variation selector for the coloured form of an emoji; the hash ignores it. */
const COLOURED = /\uFE0F/gu;

/**
 * The numbers that a reaction adds to the hash of a list: a custom emoji adds the two halves of its document id; an emoji adds zero and the
 * first four bytes of its MD5. TDLib computes and compares this hash.
 */
export function numbersOfReaction(reaction: GivenEmoji): bigint[] {
  if (reaction._ === 'reactionCustomEmoji') return [reaction.document_id >> 32n, reaction.document_id & 0xff_ff_ff_ffn];
  const digest = createHash('md5').update(reaction.emoticon.replace(COLOURED, '')).digest();
  return [0n, BigInt.asUintN(64, BigInt(digest.readInt32BE(0)))];
}

/** The number that a tag adds to the hash of a list of tags. TDLib computes and compares this hash. */
export function numberOfTag(reaction: GivenEmoji): bigint {
  return reaction._ === 'reactionCustomEmoji' ? reaction.document_id : numberOfText(reaction.emoticon);
}

/** The number that a text adds to the hash of a tag list: the first eight bytes of its MD5. */
export function numberOfText(text: string): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(0);
}
