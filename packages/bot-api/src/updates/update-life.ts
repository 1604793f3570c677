import type { UpdateName, UpdateObject } from '../objects/update-object.ts';

/** How long updates are told, in seconds. */
export const LIFE_S = 24 * 3600;

/** Those that are told for a shorter time: whoever asked waits no longer. */
const SHORT_LIVES_S: Partial<Record<UpdateName, number>> = { inline_query: 30, callback_query: 150, chosen_inline_result: 600 };

/** When an update is no longer told, in Unix seconds. Pure. */
export function expiryOf({ name, date }: Pick<UpdateObject, 'name' | 'date'>): number {
  return date + (SHORT_LIVES_S[name] ?? LIFE_S);
}
