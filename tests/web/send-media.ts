import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { sendMedia, upload } from '../scenarios/file-stage.ts';

/** What somebody says of a file that they send. */
type Claims = Partial<Pick<tl.RawInputMediaUploadedDocument, 'mimeType' | 'attributes' | 'forceFile' | 'nosoundVideo' | 'spoiler'>>;

/** A file with a name, uploaded by an actor, as media to send. */
export async function documentMedia(from: Actor, file: { bytes: Buffer; name: string }, { mimeType = 'application/octet-stream', attributes = [], ...claims }: Claims = {}): Promise<tl.RawInputMediaUploadedDocument> {
  return { _: 'inputMediaUploadedDocument', file: await upload(from.main, file), mimeType, attributes: [{ _: 'documentAttributeFilename', fileName: file.name }, ...attributes], ...claims };
}

/** Sends a file from one person to another. @returns the id of the sender's copy */
export async function sendDocument(from: Actor, to: Actor, file: { bytes: Buffer; name: string; caption?: string }, claims: Claims = {}): Promise<number> {
  await from.meet(to);
  return await sendMedia(from.main, await documentMedia(from, file, claims), { peer: from.main.inputPeer(to.id), caption: file.caption });
}

/** Sends a picture as a photo. @returns the id of the sender's copy */
export async function sendPhoto(from: Actor, to: Actor, bytes: Buffer, { caption, spoiler }: { caption?: string; spoiler?: boolean } = {}): Promise<number> {
  await from.meet(to);
  return await sendMedia(from.main, { _: 'inputMediaUploadedPhoto', file: await upload(from.main, { bytes, name: 'photo.jpg' }), spoiler }, { peer: from.main.inputPeer(to.id), caption });
}

/** Sends photos as one album. */
export async function sendPhotoAlbum(from: Actor, to: Actor, pictures: Buffer[], caption = ''): Promise<void> {
  await from.meet(to);
  const peer = from.main.inputPeer(to.id);
  const multiMedia: tl.RawInputSingleMedia[] = [];
  for (const [index, bytes] of pictures.entries()) {
    const stored = await from.main.call({ _: 'messages.uploadMedia', peer, media: { _: 'inputMediaUploadedPhoto', file: await upload(from.main, { bytes, name: 'photo.jpg' }) } });
    if (stored._ !== 'messageMediaPhoto' || stored.photo?._ !== 'photo') throw new Error('no photo');
    const { id, accessHash, fileReference } = stored.photo;
    multiMedia.push({ _: 'inputSingleMedia', media: { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } }, randomId: randomLong(), message: index === 0 ? caption : '' });
  }
  await from.main.change({ _: 'messages.sendMultiMedia', peer, multiMedia });
}
