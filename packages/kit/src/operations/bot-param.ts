import { z } from 'zod';
import { KitError } from '../kit-error.ts';
import type { TestSet } from '../test-set.ts';

/** A bot as a parameter of an operation. */
export const botParam = z.string().regex(/^\d{1,18}$/).describe('Id of the bot');

/** @throws KitError `invalid` when the set has no such bot */
export function botIn(set: TestSet, bot: string): bigint {
  const botId = BigInt(bot);
  if (!set.bots.has(botId)) throw new KitError('invalid', `There is no bot ${bot} in this set: use the functions of the set that has made it`);
  return botId;
}

/** One bot of a set, or all of them if none is named. @throws KitError `invalid` when the set has no such bot */
export function botsIn(set: TestSet, bot: string | undefined): ReadonlySet<bigint> {
  return bot === undefined ? set.bots : new Set([botIn(set, bot)]);
}
