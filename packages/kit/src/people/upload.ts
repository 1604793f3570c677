import { Readable } from 'node:stream';
import { type MediaDetails, type MediaKind, mediaOfUpload, saveUpload, type UploadedFile } from '@aerogram/bot-api';
import { filesOf, hasCaption } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import type { Chat } from './find-chat.ts';
import type { Message } from './message-shape.ts';
import type { Person } from './person.ts';
import { longestSize } from './project-message.ts';
import { readMarked, sendFields, type SendOptions, sent, type Text } from './send.ts';
import { readMessages } from './talk.ts';

/** The longest file that people upload, in bytes: what fits into a request of the control API. */
export const FILE_BYTES_MAX = 45 * 1024 * 1024;

/** How many uploads of a person can be sent; the oldest are forgotten. */
const UPLOADS_MAX = 100;

const PART_BYTES = 1024 * 1024;

/** A file that a test sends along. */
export interface NewFile {
  name: string;
  base64: string;
}

/** Media of a message: a file that comes along, or one that was uploaded before. */
export interface NewMedia {
  kind: MediaKind;
  name?: string | undefined;
  base64?: string | undefined;
  file?: string | undefined;
}

const NO_DETAILS: MediaDetails = {
  duration: 0, width: 0, height: 0, length: 0, performer: '', title: '', emoji: '', supportsStreaming: false, hasSpoiler: false, isPlainFile: false, thumbnail: undefined, cover: undefined, startTimestamp: 0,
};

/** Uploads a file. @returns its name in operations @throws KitError `invalid` (empty, too long), `refused` */
export async function upload(person: Person, file: NewFile): Promise<string> {
  const uploaded = await save(person, file);
  const handle = `file${person.kit.random.int63()}`;
  person.uploads.set(handle, uploaded);
  for (const old of person.uploads.keys()) {
    if (person.uploads.size <= UPLOADS_MAX) break;
    person.uploads.delete(old);
  }
  return handle;
}

/** Sends a file. @throws KitError `invalid`, `refused` */
export async function sendMedia(person: Person, chat: Chat, { media, ...text }: Text & { media: NewMedia }, options: SendOptions = {}): Promise<Message> {
  const { message, entities } = readMarked(text);
  const input = mediaOfUpload(media.kind, await uploadOf(person, media), NO_DETAILS, undefined);
  return sent(person, chat, await person.invoke({ _: 'messages.sendMedia', peer: chat.input, media: input, message, entities, random_id: person.kit.random.int64(), ...sendFields(options) }));
}

/** Reads the file of a message. @throws KitError `invalid` (there is none, or it is too long), `refused` */
export async function download(person: Person, chat: Chat, id: number): Promise<{ name: string | undefined; base64: string }> {
  const { messages: [message] } = await readMessages(person, chat, [id]);
  const place = message?._ === 'message' ? placeOf(message.media) : undefined;
  if (place === undefined) throw new KitError('invalid', `Message ${id} in the chat of ${person.name} with ${chat.name} has no file`);
  if (place.size > FILE_BYTES_MAX) throw new KitError('invalid', `The file of message ${id} is longer than ${FILE_BYTES_MAX} bytes`);
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < place.size; offset += PART_BYTES) {
    const part = await person.invoke({ _: 'upload.getFile', location: place.location, offset: BigInt(offset), limit: PART_BYTES });
    if (part._ !== 'upload.file' || part.bytes.length === 0) break;
    // The server lends the bytes until the call has ended.
    parts.push(Uint8Array.from(part.bytes));
  }
  return { name: place.name, base64: Buffer.concat(parts).toString('base64') };
}

async function uploadOf(person: Person, { name = '', base64, file }: NewMedia): Promise<UploadedFile> {
  if (base64 !== undefined) return save(person, { name, base64 });
  const known = person.uploads.get(file ?? '');
  if (known === undefined) throw new KitError('invalid', file === undefined ? 'Media need the bytes of a file, or the name of an upload' : `${person.name} has no upload ${file}`);
  return known;
}

async function save(person: Person, { name, base64 }: NewFile): Promise<UploadedFile> {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0) throw new KitError('invalid', `The file ${JSON.stringify(name)} is empty`);
  if (bytes.length > FILE_BYTES_MAX) throw new KitError('invalid', `The file ${JSON.stringify(name)} is longer than ${FILE_BYTES_MAX} bytes`);
  return saveUpload({ invoke: (request) => person.invoke(request) }, person.kit.random, { name, mimeType: '', bytes: Readable.from([bytes]) }, FILE_BYTES_MAX);
}

function placeOf(media: tl.MessageMedia | undefined): { location: tl.InputFileLocation; size: number; name: string | undefined } | undefined {
  const [file] = hasCaption(media) ? filesOf(media) : [];
  if (file?._ === 'document') {
    const { id, access_hash, file_reference, size, attributes } = file;
    const name = attributes.find((attribute) => attribute._ === 'documentAttributeFilename')?.file_name;
    return { location: { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' }, size: Number(size), name };
  }
  if (file?._ === 'photo') {
    const { id, access_hash, file_reference, sizes } = file;
    const longest = longestSize(sizes);
    return longest && { location: { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: longest.type }, size: longest.bytes, name: undefined };
  }
  return undefined;
}
