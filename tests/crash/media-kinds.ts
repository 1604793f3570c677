import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { makePicture } from './pictures.ts';
import { inputFileOf, type Upload } from './upload.ts';

/** What is sent. `once`: a photo that can be viewed once. `animation`: a GIF file, of which the server makes a video. */
export const MEDIA_KINDS = ['photo', 'album', 'once', 'voice', 'video', 'animation'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** The lifetime of media that can be viewed once. */
const ONCE = 0x7fffffff;
/** A box of an MP4 file that players skip. */
const FREE_BYTES = 24;

const DOCUMENTS = {
  voice: { sample: 'voice.ogg', mimeType: 'audio/ogg', attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 3 }] },
  video: { sample: 'film.mp4', mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', duration: 2, w: 96, h: 64 }] },
  animation: { sample: 'dance.gif', mimeType: 'image/gif', attributes: [] },
} as const satisfies Record<string, { sample: string; mimeType: string; attributes: tl.DocumentAttribute[] }>;

const isPicture = (kind: MediaKind): kind is 'photo' | 'album' | 'once' => kind === 'photo' || kind === 'album' || kind === 'once';

const readSample = (name: string): Buffer => readFileSync(join(findRepositoryRoot(), 'packages/media/test/samples', name));

/** A file of this kind. Pictures and videos are all different; a sample of sound or a GIF file is always the same, so that its blob is shared. */
export async function makeBytes(kind: MediaKind, n: number, random: Random, size?: readonly [number, number]): Promise<Uint8Array> {
  if (isPicture(kind)) return makePicture(n, random, size);
  const sample = readSample(DOCUMENTS[kind].sample);
  if (kind !== 'video') return sample;
  const free = Buffer.alloc(FREE_BYTES);
  free.writeUInt32BE(FREE_BYTES);
  free.write('free', 4, 'latin1');
  free.set(random.bytes(FREE_BYTES - 8), 8);
  return Buffer.concat([sample, free]);
}

/** The media of a call that sends an upload. */
export function mediaOf(kind: MediaKind, upload: Upload): tl.InputMedia {
  if (isPicture(kind)) return { _: 'inputMediaUploadedPhoto', file: inputFileOf(upload, 'a.jpg'), ...(kind === 'once' ? { ttl_seconds: ONCE } : {}) };
  const { mimeType: mime_type, attributes, sample } = DOCUMENTS[kind];
  return { _: 'inputMediaUploadedDocument', file: inputFileOf(upload, sample), mime_type, attributes: [...attributes] };
}

/** The filters of a search, by what they find. */
export const FILTERS = { photo: 'inputMessagesFilterPhotos', video: 'inputMessagesFilterVideo', voice: 'inputMessagesFilterVoice', animation: 'inputMessagesFilterGif' } as const;

/** Which of the filters finds a message. Media with a lifetime are found by none. */
export function foundBy(media: tl.MessageMedia | undefined): keyof typeof FILTERS | undefined {
  if (media === undefined || ('ttl_seconds' in media && media.ttl_seconds !== undefined)) return undefined;
  if (media._ === 'messageMediaPhoto') return 'photo';
  const attributes = media._ === 'messageMediaDocument' && media.document?._ === 'document' ? media.document.attributes : [];
  if (attributes.some(({ _ }) => _ === 'documentAttributeAnimated')) return 'animation';
  if (attributes.some(({ _ }) => _ === 'documentAttributeVideo')) return 'video';
  return attributes.some((attribute) => attribute._ === 'documentAttributeAudio' && attribute.voice === true) ? 'voice' : undefined;
}
