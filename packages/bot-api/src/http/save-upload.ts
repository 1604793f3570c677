import type { Random } from '@aerogram/runtime';
import { BotError, badRequest } from '../bot-error.ts';
import type { BotCall } from '../bot-call.ts';
import type { UploadedFile } from '../params/params.ts';
import type { ComingFile } from './read-form.ts';

/** Bytes of a part of an upload: the longest that the server takes. */
export const PART_BYTES = 512 * 1024;
/** What says that the number of parts is not known yet. */
const UNKNOWN_TOTAL = -1;

/**
 * Saves a file that comes as an unsent upload of the bot, part by part.
 * @param bytesMax the longest file
 * @throws BotError 400 for an empty file, 413; RpcError
 */
export async function saveUpload({ invoke }: Pick<BotCall, 'invoke'>, random: Random, { name, mimeType, bytes }: ComingFile, bytesMax: number): Promise<UploadedFile> {
  const fileId = random.int63();
  let [size, parts] = [0, 0];
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const savePart = async (part: Buffer, total: number): Promise<void> => {
    await invoke({ _: 'upload.saveBigFilePart', file_id: fileId, file_part: parts, file_total_parts: total, bytes: part });
    parts += 1;
  };
  for await (const piece of bytes) {
    size += piece.length;
    if (size > bytesMax) throw new BotError(413, 'Request Entity Too Large');
    waiting.push(piece);
    waitingBytes += piece.length;
    // The last part says how many there are, so one is always kept back.
    while (waitingBytes > PART_BYTES) {
      const all = Buffer.concat(waiting);
      await savePart(all.subarray(0, PART_BYTES), UNKNOWN_TOTAL);
      waiting = [all.subarray(PART_BYTES)];
      waitingBytes = all.length - PART_BYTES;
    }
  }
  if (size === 0) throw badRequest('file must be non-empty');
  await savePart(Buffer.concat(waiting), parts + 1);
  return { file: { _: 'inputFileBig', id: fileId, parts, name }, name, mimeType, size };
}
