import type { DocumentMediaInput, FileMedia, MediaTarget, PhotoMediaInput } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Whether a client's input is a document or a photo. Pure. */
export function isFileInput(input: tl.InputMedia | undefined): input is DocumentMediaInput | PhotoMediaInput {
  return input !== undefined && (isPhotoInput(input) || input._ === 'inputMediaUploadedDocument' || input._ === 'inputMediaDocument');
}

/** Whether a client's input is a photo. Pure. */
export function isPhotoInput(input: tl.InputMedia): input is PhotoMediaInput {
  return input._ === 'inputMediaUploadedPhoto' || input._ === 'inputMediaPhoto';
}

/** Whether a client's input is an upload, of which a document or photo is made. Pure. */
export function isUpload(input: tl.InputMedia): boolean {
  return input._ === 'inputMediaUploadedDocument' || input._ === 'inputMediaUploadedPhoto';
}

/** Builds the media of a message from a client's document or photo. Throws as the operations of the domain. */
export async function prepareFileMedia({ domain: { files }, userId }: RpcContext, input: DocumentMediaInput | PhotoMediaInput, target?: MediaTarget): Promise<FileMedia> {
  return isPhotoInput(input) ? files.photos.doPrepareMedia(userId, input, target) : files.doPrepareMedia(userId, input, target);
}

/** Builds the media of a new message from a client's input, except link previews. Throws as the operations of the domain for files and other media. */
export async function prepareSentMedia(ctx: RpcContext, input: Exclude<tl.InputMedia, tl.inputMediaWebPage>, target: MediaTarget): Promise<tl.MessageMedia> {
  return isFileInput(input) ? prepareFileMedia(ctx, input, target) : ctx.domain.messages.prepareMedia(ctx.userId, input);
}
