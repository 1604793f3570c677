import { findShownIn } from '../events/index.ts';
import { filesOfAction } from './action-kinds.ts';
import type { ContentFile } from './media-kind.ts';
import { filesOf, keeperOf } from './media-kinds.ts';

/** What a stored message keeps. */
export interface KeptIn {
  /** The files that it shows or repeats. Those inside of a poll are not among them: the poll keeps them. */
  files: readonly ContentFile[];
  /** The ids of what keeps the files inside of the media that it shows or repeats, such as of its poll. */
  keepers: readonly bigint[];
}

/** Finds what a stored message keeps. @throws Error when the bytes are damaged */
export function keptIn(extra: Uint8Array | null): KeptIn {
  const { media, action } = findShownIn(extra);
  return { files: [...media.flatMap(filesOf), ...(action === undefined ? [] : filesOfAction(action))], keepers: media.flatMap(keeperOf) };
}
