import type { Params } from './params.ts';

/** The id of a query, which is a text of digits in JSON. 0, which no query has, for what is none. */
export function readQueryId<Name extends string>(params: Pick<Params<Name>, 'text'>, name: Name): bigint {
  const text = params.text(name).trim();
  const id = /^-?\d{1,19}$/.test(text) ? BigInt(text) : 0n;
  return BigInt.asIntN(64, id) === id ? id : 0n;
}
