import type { MediaFacts } from '@aerogram/media';
import { RecentMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
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
   * Reads a file that is to become a document.
   * @returns undefined if it is another file, cannot be read, or is sent as a plain file; also if too many files wait
   */
  find(upload: UploadKey, content: UploadContent, input: Pick<tl.inputMediaUploadedDocument, 'attributes' | 'force_file'>): Promise<MediaFacts | undefined>;
}

/** Creates the reading. */
export function createDocumentFacts({ clock, media }: Pick<DomainDeps, 'clock' | 'media'>, uploadBytes: UploadedBytes): DocumentFacts {
  // By user, so that nobody learns from the time of an answer which files others have.
  const known = new RecentMap<string, { facts: MediaFacts | undefined; date: number }>(KNOWN_MAX);
  return {
    async find(upload, content, { attributes, force_file: isForced }) {
      const isPlain = isForced === true && !attributes.some(({ _ }) => MEDIA_ATTRIBUTES.includes(_));
      if (media === undefined || isPlain) return undefined;
      const key = `${upload.userId} ${Buffer.from(content.identity).toString('base64')}`;
      const earlier = known.get(key);
      if (earlier !== undefined && clock.now() - earlier.date < KNOWN_S) return earlier.facts;
      const bytes = await uploadBytes.open(upload, content);
      if (bytes === undefined) return undefined;
      const result = await media.describe(upload.userId, bytes);
      const facts = result.outcome === 'read' ? result.facts : undefined;
      if (result.outcome === 'read' || result.outcome === 'unreadable') known.set(key, { facts, date: clock.now() });
      return facts;
    },
  };
}
