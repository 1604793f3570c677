import type { Params } from './params.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** Whether a number is an integer of 32 bits. Pure. */
export function isInt32(number: number): boolean {
  return Number.isInteger(number) && number >= INT32_MIN && number <= INT32_MAX;
}

/** The parameter as an integer of 32 bits, such as a date; 0 if it is absent or is no integer. Others become the nearest one. */
export function readInt32<Name extends string>(params: Params<Name>, name: Name): number {
  return Math.min(Math.max(params.int(name), INT32_MIN), INT32_MAX);
}
