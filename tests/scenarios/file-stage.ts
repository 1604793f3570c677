import { createHash, randomBytes } from 'node:crypto';
import { findSentId, type Actor, type Device } from '@aerogram/dev-env';
import { isBundled, thumbIdOf, unpackMessageExtra } from '@aerogram/domain';
import type { Database } from '@aerogram/storage';
import { Document, type Long, tl } from '@mtcute/node';
import { downloadAsBuffer, uploadFile } from '@mtcute/node/methods.js';
import { randomLong } from '@mtcute/node/utils.js';
import { expect } from 'vitest';

/** A right that was lost may be used for this long. */
const RIGHT_KEPT_MS = 5000;

/** A file that somebody sends. */
export interface SentFile {
  bytes: Buffer;
  name: string;
}

/** Random bytes with a name. */
export function makeFile(size: number, name = 'notes.txt'): SentFile {
  return { bytes: randomBytes(size), name };
}

/** A hash that shows whether two files are equal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Uploads a file as mtcute does: in parts, over several connections. */
export async function upload(device: Device, { bytes, name }: SentFile): Promise<tl.TypeInputFile> {
  const { inputFile } = await uploadFile(device.client, { file: bytes, fileName: name, fileMime: 'application/octet-stream' });
  return inputFile;
}

/** Media to send: an uploaded file as a document. */
export async function uploadedDocument(device: Device, file: SentFile): Promise<tl.RawInputMediaUploadedDocument> {
  return {
    _: 'inputMediaUploadedDocument',
    file: await upload(device, file),
    mimeType: 'application/octet-stream',
    attributes: [{ _: 'documentAttributeFilename', fileName: file.name }],
  };
}

/** Where a message goes, and what else it says. */
export interface MediaSend {
  peer: tl.TypeInputPeer;
  caption?: string;
  randomId?: Long;
  scheduleDate?: number;
}

/** Sends media to somebody or to a basic group. @returns the id of the sender's copy */
export async function sendMedia(device: Device, media: tl.TypeInputMedia, { peer, caption = '', randomId = randomLong() }: MediaSend): Promise<number> {
  return findSentId(await device.change({ _: 'messages.sendMedia', peer, media, message: caption, randomId }));
}

/** Uploads a file and sends it to somebody. @returns the id of the sender's copy */
export async function sendFile(from: Actor, to: Actor, file: SentFile, caption = ''): Promise<number> {
  await from.meet(to);
  return sendMedia(from.main, await uploadedDocument(from.main, file), { peer: from.main.inputPeer(to.id), caption });
}

/** The document in media. @throws Error if there is none */
export function documentIn(media: tl.TypeMessageMedia | undefined): tl.RawDocument {
  if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error(`no document in ${media?._}`);
  return media.document;
}

/** The document in a message of the device's box, as the device gets it from the server now. */
export async function documentOf(device: Device, id: number): Promise<tl.RawDocument> {
  const found = await device.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  return documentIn(message?._ === 'message' ? message.media : undefined);
}

/** The location of a document for upload.getFile. */
export function locationOf({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocumentFileLocation {
  return { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' };
}

/** Loads a document as mtcute does: in parts, over several connections. */
export async function download(device: Device, document: tl.RawDocument): Promise<Uint8Array> {
  return downloadAsBuffer(device.client, new Document(document));
}

/** The error that a device gets when it loads a document. */
export async function failsToLoad(device: Device, document: tl.RawDocument): Promise<string> {
  return (await device.fails({ _: 'upload.getFile', location: locationOf(document), offset: 0, limit: 4096 })).text;
}

/** Makes a call that the server puts off. @returns the seconds that the device is told to wait */
export async function waitOf(device: Device, request: tl.RpcMethod): Promise<number> {
  // Otherwise the library waits by itself.
  const error = await device.client.call(request, { floodSleepThreshold: 0 }).then(() => new Error(`${request._} was expected to be put off`), (thrown: unknown) => thrown);
  if (tl.RpcError.is(error, 'FLOOD_WAIT_%d')) return error.seconds;
  throw error;
}

/** Waits until somebody cannot load a document any more. @returns the error */
export async function losesFile(actor: Actor, document: tl.RawDocument): Promise<string> {
  let error = '';
  await expect
    .poll(
      async () => {
        error = await failsToLoad(actor.main, document).catch(() => 'loaded');
        return error;
      },
      { timeout: RIGHT_KEPT_MS, interval: 200 },
    )
    .not.toBe('loaded');
  return error;
}

/** The document in a post as a member sees it now. */
export async function documentInPost(actor: Actor, channelId: number, id: number): Promise<tl.RawDocument> {
  const found = await actor.main.call({ _: 'channels.getMessages', channel: actor.main.inputChannel(channelId), id: [{ _: 'inputMessageID', id }] });
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  return documentIn(message?._ === 'message' ? message.media : undefined);
}

/** Puts media in the place of those of a message. @param edit.caption absent: the text stays */
export async function editMedia(device: Device, media: tl.TypeInputMedia, { peer, id, caption }: { peer: tl.TypeInputPeer; id: number; caption?: string }): Promise<void> {
  await device.change({ _: 'messages.editMessage', peer, id, media, message: caption });
}

/** Sends media to a channel, or schedules them. @returns the id of the message */
export async function postDocument(device: Device, media: tl.TypeInputMedia, { peer, caption = '', randomId = randomLong(), scheduleDate }: MediaSend): Promise<number> {
  const { updates } = (await device.change({ _: 'messages.sendMedia', peer, media, message: caption, randomId, scheduleDate })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

/** Compares the references to documents with the messages. @throws Error if a document in a message has no reference, or a reference no message */
export async function checkMessageFiles(db: Database): Promise<void> {
  const [boxes, posts, scheduled, refs] = await Promise.all([
    db.q.selectFrom('messages').select(['owner_id', 'msg_id', 'extra']).execute(),
    db.q.selectFrom('channel_messages').select(['channel_id', 'msg_id', 'extra']).execute(),
    db.q.selectFrom('scheduled_messages').select(['owner_id', 'peer_id', 'msg_id', 'extra']).execute(),
    db.q.selectFrom('message_files').selectAll().execute(),
  ]);
  const documentsIn = (place: string, extra: Uint8Array | null): string[] => {
    const { media, replyTo, action } = unpackMessageExtra(extra);
    if (action?._ === 'messageActionChatEditPhoto' || action?._ === 'messageActionSuggestProfilePhoto') return [`${place}:${action.photo.id}`];
    if (action?._ === 'messageActionRequestedPeerSentMe') return action.peers.flatMap(({ photo }) => (photo === undefined ? [] : [`${place}:${photo.id}`]));
    const wallpaper = action?._ === 'messageActionSetChatWallPaper' && action.wallpaper._ === 'wallPaper' ? action.wallpaper.document : undefined;
    return [media, replyTo?.reply_media, wallpaper && ({ _: 'messageMediaDocument', document: wallpaper, video_cover: undefined } as const)].flatMap((one) => {
      const file = one?._ === 'messageMediaDocument' ? one.document : one?._ === 'messageMediaPhoto' ? one.photo : one?._ === 'messageMediaWebPage' && one.webpage._ === 'webPage' ? one.webpage.photo : undefined;
      // What ships with the server has no row.
      if (file === undefined || isBundled(file.id)) return [];
      const isThumbed = file._ === 'document' && file.thumbs !== undefined;
      const cover = one?._ === 'messageMediaDocument' && one.video_cover?._ === 'photo' ? [one.video_cover.id] : [];
      // A thumbnail has a row of its own, and so has the cover of a video.
      return [file.id, ...(isThumbed ? [thumbIdOf(file.id)] : []), ...cover].map((id) => `${place}:${id}`);
    });
  };
  const wanted = new Set([
    ...boxes.flatMap((row) => documentsIn(`${row.owner_id}:0:${row.msg_id}`, row.extra)),
    ...posts.flatMap((row) => documentsIn(`${-1_000_000_000_000n - row.channel_id}:0:${row.msg_id}`, row.extra)),
    ...scheduled.flatMap((row) => documentsIn(`${row.owner_id}:${row.peer_id}:${row.msg_id}`, row.extra)),
  ]);
  const found = new Set(refs.map((row) => `${row.owner_id}:${row.scheduled_peer_id}:${row.msg_id}:${row.document_id}`));
  const missing = [...wanted].filter((key) => !found.has(key));
  const spare = [...found].filter((key) => !wanted.has(key));
  if (missing.length + spare.length > 0) throw new Error(`missing references: ${missing.join()}; references without messages: ${spare.join()}`);
}
