import type { Params } from './params.ts';

/** A positive number of 64 bits as clients write it. */
const ID = /^[1-9]\d{0,18}$/;

/** Reads the id of something that is named by 64 bits, such as an effect or a custom emoji; undefined if it is not given or can be none. */
export function readId64<Name extends string>(params: Params<Name>, name: Name): bigint | undefined {
  const text = params.text(name).trim();
  return ID.test(text) ? BigInt.asIntN(64, BigInt(text)) : undefined;
}
