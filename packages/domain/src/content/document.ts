import type { tl } from '@aerogram/tl';

import { type AlbumKind, always, asItIs, type ContentFilter, type ContentRight, type MediaKind } from './media-kind.ts';

/** What a document is to people, by its attributes. */
export type DocumentRole = 'sticker' | 'gif' | 'round' | 'video' | 'voice' | 'audio' | 'file';

/** What is asked of a role. */
interface RoleFacts {
  label: string;
  right: ContentRight;
  filters: readonly ContentFilter[];
  album: AlbumKind | undefined;
}

const ROLES: Readonly<Record<DocumentRole, RoleFacts>> = {
  sticker: { label: 'A sticker', right: 'send_stickers', filters: [], album: undefined },
  gif: { label: 'A GIF', right: 'send_gifs', filters: ['gif'], album: undefined },
  round: { label: 'A video message', right: 'send_roundvideos', filters: ['round'], album: undefined },
  video: { label: 'A video', right: 'send_videos', filters: ['video'], album: 'visual' },
  voice: { label: 'A voice message', right: 'send_voices', filters: ['voice'], album: undefined },
  audio: { label: 'An audio file', right: 'send_audios', filters: ['music'], album: 'music' },
  file: { label: 'A file', right: 'send_docs', filters: ['document'], album: 'files' },
};

/** The role of a document with these attributes. Pure. */
export function roleOf(attributes: readonly tl.DocumentAttribute[]): DocumentRole {
  let found: DocumentRole = 'file';
  for (const attribute of attributes) {
    if (attribute._ === 'documentAttributeSticker' || attribute._ === 'documentAttributeCustomEmoji') return 'sticker';
    if (attribute._ === 'documentAttributeAnimated') found = 'gif';
    else if (found === 'gif') continue;
    else if (attribute._ === 'documentAttributeVideo') found = attribute.round_message === true ? 'round' : 'video';
    else if (attribute._ === 'documentAttributeAudio' && found === 'file') found = attribute.voice === true ? 'voice' : 'audio';
  }
  return found;
}

const attributesOf = ({ document }: tl.messageMediaDocument): readonly tl.DocumentAttribute[] => (document?._ === 'document' ? document.attributes : []);

const factsOf = (media: tl.messageMediaDocument): RoleFacts => ROLES[roleOf(attributesOf(media))];

function namesIn(attribute: tl.DocumentAttribute): readonly string[] {
  if (attribute._ === 'documentAttributeFilename') return [attribute.file_name];
  return attribute._ === 'documentAttributeAudio' ? [attribute.title ?? '', attribute.performer ?? ''] : [];
}

/** Documents: files of any type, which are shown by their attributes as stickers, GIFs, videos, voice messages, music or plain files. */
export const document: MediaKind<tl.messageMediaDocument> = {
  label: (media) => factsOf(media).label,
  right: (media) => factsOf(media).right,
  filters: (media) => factsOf(media).filters,
  words: (media) => attributesOf(media).flatMap(namesIn),
  text: 'caption',
  album: (media) => factsOf(media).album,
  files: {
    list: ({ document, video_cover: cover }) => (document?._ !== 'document' ? [] : cover?._ === 'photo' ? [document, cover] : [document]),
    fill(media, fill) {
      const { document, video_cover: cover } = media;
      if (document?._ !== 'document') return media;
      return { ...media, document: fill.document(document), video_cover: cover?._ === 'photo' ? fill.photo(cover) : undefined };
    },
  },
  inside: undefined,
  lifetime: {
    seconds: (media) => media.ttl_seconds,
    isGone: (media) => media.document === undefined,
    ended: ({ video, round, voice, ttl_seconds }) => ({ _: 'messageMediaDocument', video, round, voice, ttl_seconds }),
  },
  isPlayed: ({ voice, round }) => voice === true || round === true,
  forwarded: asItIs,
  elsewhere: always(undefined),
  broadcastError: always(undefined),
};
