import { findShownIn } from '../events/index.ts';
import { filesOfAction } from './action-kinds.ts';
import type { ContentFile } from './media-kind.ts';
import { filesOf, keeperOf } from './media-kinds.ts';

/** The files that a stored message shows or repeats. Those inside of a poll are not among them: the poll keeps them. */
export function filesIn(extra: Uint8Array | null): ContentFile[] {
  const { media, action } = findShownIn(extra);
  return [...media.flatMap(filesOf), ...(action === undefined ? [] : filesOfAction(action))];
}

/** The ids of what keeps the files inside of the media that a stored message shows or repeats, such as of its poll. */
export function keepersIn(extra: Uint8Array | null): bigint[] {
  return findShownIn(extra).media.flatMap(keeperOf);
}
