import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { prepareMedia, useFile } from '../files/input-file.ts';
import { inputDocumentOf } from '../files/input-ids.ts';
import type { FileParam } from '../params/params.ts';
import { FORMAT_TYPES, type StickerFormat } from './sticker-format.ts';

type FileCall = Pick<BotCall, 'botId' | 'domain' | 'fileIds' | 'invoke'>;

/**
 * The document that a bot names for a sticker set: what came with the request, what a `file_id` names, or a picture at an address of the web.
 * @throws BotError 400 `animated sticker must be uploaded as an InputFile` and the like, and as `prepareMedia`
 */
export async function readDocument(call: FileCall, file: FileParam, format: StickerFormat): Promise<tl.inputDocument> {
  if (file.kind === 'upload') return inputDocumentOf(await uploadSticker(call, file.upload, format));
  if (call.fileIds.read(file.text) !== undefined) return accessSticker(call, file.text);
  if (format !== 'static') throw badRequest(`${format} sticker must be uploaded as an InputFile`);
  const media = await prepareMedia(call, { kind: 'document', file, details: NO_DETAILS });
  return inputDocumentOf(await make(call, media));
}

/** Makes a document of an upload, and keeps it for the bot. */
export function uploadSticker(call: FileCall, { file, name }: { file: tl.InputFile; name: string }, format: StickerFormat): Promise<tl.document> {
  const attributes: tl.DocumentAttribute[] = [{ _: 'documentAttributeFilename', file_name: name === '' ? 'sticker' : name }];
  return make(call, { _: 'inputMediaUploadedDocument', file, mime_type: FORMAT_TYPES[format], attributes, force_file: format === 'video' ? undefined : true });
}

/** The sticker that a `file_id` names. @throws BotError 400 as `useFile` */
export async function accessSticker(call: Omit<FileCall, 'invoke'>, fileId: string): Promise<tl.inputDocument> {
  if (fileId === '') throw badRequest('sticker is not specified');
  const used = await useFile(call, fileId, 'sticker');
  // A photo can be no sticker.
  if (used.kind !== 'document') throw rpcError('STICKER_FILE_INVALID');
  return used.id;
}

async function make(call: FileCall, media: tl.InputMedia): Promise<tl.document> {
  const made = await call.invoke({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media });
  if (made._ !== 'messageMediaDocument' || made.document?._ !== 'document') throw rpcError('STICKER_FILE_INVALID');
  await call.domain.botFiles.doKeep(call.botId, [made.document.id]);
  return made.document;
}

/** Nothing is said of a document besides what is in it. */
const NO_DETAILS = { duration: 0, width: 0, height: 0, length: 0, title: '', performer: '', emoji: '', hasSpoiler: false, supportsStreaming: false, isPlainFile: true, startTimestamp: 0, thumbnail: undefined, cover: undefined };
