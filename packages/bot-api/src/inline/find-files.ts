import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { useFile } from '../files/input-file.ts';
import type { MediaKind } from '../files/media-details.ts';
import type { CachedResult, ReadResults } from './read-results.ts';

/** What the files of results are called where bots send them. */
const MEDIA_KINDS: Readonly<Record<CachedResult['type'], MediaKind>> = {
  photo: 'photo', gif: 'animation', video: 'video', audio: 'audio', voice: 'voice', file: 'document', sticker: 'sticker',
};

type FileCall = Pick<BotCall, 'botId' | 'domain' | 'fileIds'>;

/** Replaces the `file_id` of each result that has one by the file. Throws as {@link useFile}. */
export async function findFiles(call: FileCall, results: ReadResults['results']): Promise<tl.InputBotInlineResult[]> {
  const found: tl.InputBotInlineResult[] = [];
  // One after the other, so that one bot does not take many connections to the database.
  for (const result of results) found.push(result._ === 'cached' ? await findFile(call, result) : result);
  return found;
}

async function findFile(call: FileCall, { fileId, type, ...result }: CachedResult): Promise<tl.InputBotInlineResult> {
  const file = await useFile(call, fileId, MEDIA_KINDS[type]);
  const { id, send_message } = result;
  if (file.kind === 'photo') return { _: 'inputBotInlineResultPhoto', id, type, photo: file.id, send_message };
  return { ...result, _: 'inputBotInlineResultDocument', type, document: file.id };
}
