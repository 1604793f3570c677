import type { tl } from '@aerogram/tl';

import { mediaOfDocument } from '../documents/index.ts';

/** The photo or document of a result as the media of a message; undefined if it has none. Pure. */
export function mediaOfResult(result: tl.BotInlineResult): tl.messageMediaPhoto | tl.messageMediaDocument | undefined {
  if (result._ !== 'botInlineMediaResult') return undefined;
  if (result.photo?._ === 'photo') return { _: 'messageMediaPhoto', photo: result.photo };
  return result.document?._ === 'document' ? mediaOfDocument(result.document, { spoiler: false, ttlSeconds: undefined }) : undefined;
}
