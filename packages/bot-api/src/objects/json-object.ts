/** An object of the Bot API. Fields that are undefined are not there: JSON leaves them out. */
export type JsonObject = Record<string, unknown>;

/**
 * An id as JSON has it.
 * @throws RangeError if a number cannot hold it exactly; the server gives out no such ids
 */
export function jsonId(id: bigint): number {
  const number = Number(id);
  if (!Number.isSafeInteger(number)) throw new RangeError(`The id ${id} does not fit into a JSON number`);
  return number;
}

/** `true` or absent, never false: fields of the type True are there only if they are true. */
export function ifTrue(value: boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}

/** A text, or nothing if it is empty. */
export function ifText(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** A number, or nothing if it is 0. */
export function ifNotZero(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}
