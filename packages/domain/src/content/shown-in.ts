import { findShownIn } from '../events/index.ts';
import { filesOfAction } from './action-kinds.ts';
import type { ContentFile } from './media-kind.ts';
import { mediaKindOf } from './media-kinds.ts';

/** What a stored message keeps. */
export interface KeptIn {
  /** The files that it shows or repeats. Those inside of a poll are not among them: the poll keeps them. */
  files: ContentFile[];
  /** The ids of what keeps the files inside of the media that it shows or repeats, such as of its poll. */
  keepers: bigint[];
}

/** Finds what a stored message keeps. Every send asks it, so it makes few objects. @throws Error when the bytes are damaged */
export function keptIn(extra: Uint8Array | null): KeptIn {
  const { media, action } = findShownIn(extra);
  const kept: KeptIn = { files: [], keepers: [] };
  for (const one of media) {
    const { files, inside } = mediaKindOf(one);
    if (files !== undefined) for (const file of files.list(one)) kept.files.push(file);
    if (inside !== undefined) kept.keepers.push(inside.keeper(one));
  }
  if (action !== undefined) for (const file of filesOfAction(action)) kept.files.push(file);
  return kept;
}
