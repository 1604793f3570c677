import type { Params } from '../params/params.ts';

/** How many messages a request sends, for how fast a bot may send: one. */
export const oneMessage = (): number => 1;

/**
 * The number of messages that a request names one by one in a list. What is no list counts as one: it is refused later.
 * @param what what the error calls the list
 * @throws BotError 400 for what is no JSON
 */
export function countListed<Name extends string>(params: Params<Name>, name: NoInfer<Name>, what: string): number {
  const value = params.json(name, what);
  return Array.isArray(value) ? Math.max(1, value.length) : 1;
}
