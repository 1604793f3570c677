import { RpcError } from '@aerogram/errors';

/**
 * Finds those of several groups or channels that the caller may use. A list may hold one that was deleted, or that the caller had to leave; the others are answered.
 * @throws the error of the first, if the caller may use none
 */
export async function accessKnown<Input, Found>(inputs: readonly Input[], access: (input: Input) => Promise<Found>): Promise<Found[]> {
  const found = await Promise.all(inputs.map((input) => access(input).then((row) => [row], refusalOf)));
  const known = found.flatMap((one) => (one instanceof RpcError ? [] : one));
  const [first] = found;
  if (known.length === 0 && first instanceof RpcError) throw first;
  return known;
}

/** The error that says that a client named what it may not use. @throws any other */
function refusalOf(error: unknown): RpcError {
  if (error instanceof RpcError && error.code === 400) return error;
  throw error;
}
