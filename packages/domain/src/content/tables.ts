import type { tl } from '@aerogram/tl';

import type { BuiltAction } from './action-kinds.ts';
import type { BuiltMedia } from './media-kinds.ts';

/** What a package does with media: a function for each kind that messages can have, so that the compiler names a kind that was forgotten. */
export type MediaTable<Rest extends unknown[], Result> = { readonly [Name in BuiltMedia]: (media: Extract<tl.MessageMedia, { _: Name }>, ...rest: Rest) => Result };

/** What a package does with service messages: a function for each kind that this server writes, so that the compiler names one that was forgotten. */
export type ActionTable<Rest extends unknown[], Result> = { readonly [Name in BuiltAction]: (action: Extract<tl.MessageAction, { _: Name }>, ...rest: Rest) => Result };

/** Calls the entry of a table for media. Pure, if the entry is. @returns undefined also for kinds that this server does not make */
export function askMedia<Rest extends unknown[], Result>(table: MediaTable<Rest, Result>, media: tl.MessageMedia, ...rest: Rest): Result | undefined {
  // The casts are safe: the entry of each name takes media of that name.
  const entries = table as unknown as Partial<Record<tl.MessageMedia['_'], (media: tl.MessageMedia, ...rest: Rest) => Result>>;
  return entries[media._]?.(media, ...rest);
}

/** Calls the entry of a table for a service message. Pure, if the entry is. @returns undefined also for kinds that this server does not write */
export function askAction<Rest extends unknown[], Result>(table: ActionTable<Rest, Result>, action: tl.MessageAction, ...rest: Rest): Result | undefined {
  // The casts are safe: the entry of each name takes actions of that name.
  const entries = table as unknown as Partial<Record<tl.MessageAction['_'], (action: tl.MessageAction, ...rest: Rest) => Result>>;
  return entries[action._]?.(action, ...rest);
}
