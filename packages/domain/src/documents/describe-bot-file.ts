import type { MediaFacts, MediaType, ProbedType } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { describeDocument, type DocumentClaims, type KnownFacts } from './describe-document.ts';
import { cleanMimeType, prepareAttributes } from './prepare-document.ts';

/** What the server has seen in a file. `other`: it is neither audio nor video nor a picture. `unknown`: the server has not looked, or cannot tell. */
export type FileContent = { kind: 'media'; facts: KnownFacts } | { kind: 'picture'; mimeType: string } | { kind: 'other' } | { kind: 'unknown' };

/** How a file is described that a bot sends. */
interface Description {
  mimeType: string;
  attributes: tl.DocumentAttribute[];
}

const ANY_BYTES = 'application/octet-stream';
const VOICE_TYPE = 'audio/ogg';
/** The codecs of voice messages (core.telegram.org/bots/api#sendvoice). Other sound is sent as music. */
const VOICE_CODECS: ReadonlySet<string | undefined> = new Set(['opus', 'mp3', 'aac']);

const MEDIA_ATTRIBUTES: ReadonlySet<tl.DocumentAttribute['_']> = new Set(['documentAttributeVideo', 'documentAttributeAudio', 'documentAttributeAnimated']);

/** The types of files with a picture, and of those with sound only. */
const MIME_TYPES: Readonly<Record<MediaType | ProbedType, readonly [video: string, audio: string]>> = {
  mp4: ['video/mp4', 'audio/mp4'],
  matroska: ['video/x-matroska', 'audio/x-matroska'],
  ogg: ['video/ogg', 'audio/ogg'],
  wave: ['video/x-msvideo', 'audio/wav'],
  flac: ['video/x-matroska', 'audio/flac'],
  mp3: ['video/mpeg', 'audio/mpeg'],
  avi: ['video/x-msvideo', 'audio/x-msvideo'],
  asf: ['video/x-ms-wmv', 'audio/x-ms-wma'],
  flv: ['video/x-flv', 'audio/x-flv'],
  mpeg: ['video/mpeg', 'audio/mpeg'],
  mpegts: ['video/mp2t', 'audio/mp2t'],
  amr: ['video/3gpp', 'audio/amr'],
  aiff: ['video/quicktime', 'audio/aiff'],
};

/**
 * The type and the attributes of a file that a bot sends. The library of a bot does not look into the file, so the bot's word for it counts only if the file can be that: a text sent as a voice
 * message becomes a document, and so does a picture sent as a video; sound that clients cannot play as a voice message becomes music (core.telegram.org/bots/api#sending-files). Pure.
 */
export function describeBotFile(input: DocumentClaims & Pick<tl.inputMediaUploadedDocument, 'mime_type'>, content: FileContent): Description {
  const claimed = cleanMimeType(input.mime_type);
  const isMedia = /^(?:audio|video)\//.test(claimed);
  switch (content.kind) {
    case 'media': {
      const attributes = withoutNameOfVoice(describeDocument({ ...input, attributes: input.attributes.map((one) => withoutFalseVoice(one, content.facts)) }, content.facts));
      return { attributes, mimeType: attributes.some(({ _ }) => MEDIA_ATTRIBUTES.has(_)) ? mimeTypeOf(claimed, content.facts) : claimed };
    }
    case 'unknown': {
      const attributes = withoutNameOfVoice(prepareAttributes(input.attributes));
      return { attributes, mimeType: !isMedia && attributes.some((one) => one._ === 'documentAttributeAudio' && one.voice) ? VOICE_TYPE : claimed };
    }
    case 'picture':
      return { attributes: prepareAttributes(withoutMedia(input)), mimeType: claimed.startsWith('image/') ? claimed : content.mimeType };
    case 'other':
      return { attributes: prepareAttributes(withoutMedia(input)), mimeType: isMedia ? ANY_BYTES : claimed };
  }
}

function withoutMedia({ attributes }: DocumentClaims): tl.DocumentAttribute[] {
  return attributes.filter(({ _ }) => !MEDIA_ATTRIBUTES.has(_));
}

function withoutFalseVoice(attribute: tl.DocumentAttribute, { soundCodec }: MediaFacts): tl.DocumentAttribute {
  return attribute._ === 'documentAttributeAudio' && !VOICE_CODECS.has(soundCodec) ? { ...attribute, voice: undefined, waveform: undefined } : attribute;
}

/** Voice and round video messages are shown without the name of their file. */
function withoutNameOfVoice(attributes: tl.DocumentAttribute[]): tl.DocumentAttribute[] {
  const isVoice = attributes.some((one) => (one._ === 'documentAttributeAudio' && one.voice) || (one._ === 'documentAttributeVideo' && one.round_message));
  return isVoice ? attributes.filter(({ _ }) => _ !== 'documentAttributeFilename') : attributes;
}

/** The type that the bot says, unless it is that of something else. */
function mimeTypeOf(claimed: string, { type, video }: MediaFacts): string {
  return claimed.startsWith(video === undefined ? 'audio/' : 'video/') ? claimed : MIME_TYPES[type][video === undefined ? 1 : 0];
}
