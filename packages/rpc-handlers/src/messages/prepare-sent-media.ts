import { type DocumentMediaInput, type FileMedia, type MediaTarget, normalizeUrl, type PhotoMediaInput } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A file at a URL, which the server fetches. */
type ExternalInput = tl.inputMediaPhotoExternal | tl.inputMediaDocumentExternal;

/** A document or photo that a client sends. */
export type FileInput = DocumentMediaInput | PhotoMediaInput | ExternalInput;

/** Whether a client's input is a document or a photo. Pure. */
export function isFileInput(input: tl.InputMedia | undefined): input is FileInput {
  return input !== undefined && (isPhotoInput(input) || isExternal(input) || input._ === 'inputMediaUploadedDocument' || input._ === 'inputMediaDocument');
}

/** Whether a client's input is a photo that it has uploaded or names. Pure. */
export function isPhotoInput(input: tl.InputMedia): input is PhotoMediaInput {
  return input._ === 'inputMediaUploadedPhoto' || input._ === 'inputMediaPhoto';
}

function isExternal(input: tl.InputMedia): input is ExternalInput {
  return input._ === 'inputMediaPhotoExternal' || input._ === 'inputMediaDocumentExternal';
}

/** Whether a document or photo is made of a client's input: of an upload, or of a file that the server fetches. Pure. */
export function isUpload(input: tl.InputMedia): boolean {
  return input._ === 'inputMediaUploadedDocument' || input._ === 'inputMediaUploadedPhoto' || isExternal(input);
}

/**
 * Calls with a client's document or photo; a file at a URL is fetched before, and becomes an upload of the caller.
 * @throws RpcError WEBDOCUMENT_URL_INVALID, as `UrlUploads.doUse`, and what `use` throws
 */
export async function useFileInput<T>({ domain: { urlUploads }, userId, caller: { isBot } }: RpcContext, input: FileInput, use: (input: DocumentMediaInput | PhotoMediaInput) => Promise<T>): Promise<T> {
  if (!isExternal(input)) return use(input);
  const url = normalizeUrl(input.url);
  if (url === undefined) throw rpcError('WEBDOCUMENT_URL_INVALID');
  const { spoiler, ttl_seconds } = input;
  const video = input._ === 'inputMediaDocumentExternal' ? { video_cover: input.video_cover, video_timestamp: input.video_timestamp } : {};
  const kind = input._ === 'inputMediaPhotoExternal' ? 'photo' : undefined;
  return urlUploads.doUse({ userId, isBot }, { url, kind, attributes: [] }, (upload) => use({ ...upload, ...video, spoiler, ttl_seconds }));
}

/** Builds the media of a message from a client's document or photo. Throws as the operations of the domain, and as {@link useFileInput}. */
export function prepareFileMedia(ctx: RpcContext, input: FileInput, target?: MediaTarget): Promise<FileMedia> {
  return useFileInput(ctx, input, (own) => prepareOwnFile(ctx, own, target));
}

async function prepareOwnFile({ domain: { files }, userId }: RpcContext, input: DocumentMediaInput | PhotoMediaInput, target?: MediaTarget): Promise<FileMedia> {
  return isPhotoInput(input) ? files.photos.doPrepareMedia(userId, input, target) : files.doPrepareMedia(userId, input, target);
}

/** Builds the media of a new message from a client's input, except link previews. Throws as the operations of the domain for files and other media. */
export async function prepareSentMedia(ctx: RpcContext, input: Exclude<tl.InputMedia, tl.inputMediaWebPage>, target: MediaTarget): Promise<tl.MessageMedia> {
  return isFileInput(input) ? prepareFileMedia(ctx, input, target) : ctx.domain.messages.prepareMedia(ctx.userId, input);
}
