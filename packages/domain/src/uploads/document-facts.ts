import type { MediaDescription, MediaWants } from '@aerogram/media';
import { ExpiringMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { isConverted, isWaveform, joinAttributes } from '../documents/index.ts';
import type { UploadKey } from './finished-upload-store.ts';
import type { UploadedBytes } from './uploaded-bytes.ts';
import type { UploadContent } from './uploaded-files.ts';

/** Of how many files this process remembers what it has read. */
const KNOWN_MAX = 10_000;
/** How long that is remembered, in seconds. Not for ever, because a good file may have been in a process that crashed for another reason. */
const KNOWN_S = 600;

/** Attributes that say something about audio or video. */
const MEDIA_ATTRIBUTES: readonly tl.DocumentAttribute['_'][] = ['documentAttributeVideo', 'documentAttributeAudio', 'documentAttributeAnimated'];

/** What the server itself reads from uploaded audio and video. */
export interface DocumentFacts {
  /**
   * Reads a file that is to become a document. Makes a picture for its thumbnail unless its client has sent one, the waveform of a voice message without one, and
   * a video of an animated GIF file.
   * @returns undefined if it is another file, cannot be read, or is sent as a plain file; also if too many files wait
   */
  find(upload: UploadKey, content: UploadContent, input: Pick<tl.inputMediaUploadedDocument, 'attributes' | 'force_file' | 'mime_type' | 'thumb'>): Promise<MediaDescription | undefined>;
}

/** Creates the reading. */
export function createDocumentFacts({ clock, media }: Pick<DomainDeps, 'clock' | 'media'>, uploadBytes: UploadedBytes): DocumentFacts {
  const known = new ExpiringMap<string, { description: MediaDescription | undefined }>({ most: KNOWN_MAX, ageS: KNOWN_S }, clock);
  return {
    async find(upload, content, input) {
      const { attributes, force_file: isForced, thumb } = input;
      const isPlain = isForced === true && !attributes.some(({ _ }) => MEDIA_ATTRIBUTES.includes(_));
      if (media === undefined || isPlain) return undefined;
      const wants = { picture: thumb === undefined, waveform: lacksWaveform(attributes), animation: isConverted(input) };
      const key = keyOf(upload, content, wants);
      const earlier = known.get(key);
      if (earlier !== undefined) return earlier.description;
      const bytes = await uploadBytes.open(upload, content);
      if (bytes === undefined) return undefined;
      const result = await media.describe(upload.userId, { ...bytes, wants });
      const description = result.outcome === 'read' ? result : undefined;
      const isShort = description?.picture === undefined && description?.animation === undefined;
      // Pictures and videos are too large to be remembered.
      if (result.outcome === 'unreadable' || (result.outcome === 'read' && isShort)) known.set(key, { description });
      return description;
    },
  };
}

/** By user, so that nobody learns from the time of an answer which files others have. */
function keyOf({ userId }: UploadKey, { identity }: UploadContent, { picture, waveform, animation }: MediaWants): string {
  return `${userId} ${Buffer.from(identity).toString('base64')} ${picture} ${waveform} ${animation}`;
}

/** Whether a file is a voice message whose client has not drawn its waveform. */
function lacksWaveform(attributes: readonly tl.DocumentAttribute[]): boolean {
  const audio = joinAttributes(attributes).find((attribute) => attribute._ === 'documentAttributeAudio');
  return audio?.voice === true && !isWaveform(audio.waveform);
}
