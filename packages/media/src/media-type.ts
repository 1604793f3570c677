/** A kind of file with audio or video. */
export type MediaType = 'mp4' | 'matroska' | 'ogg' | 'wave' | 'flac' | 'mp3';

/** How many bytes of the file, from its start, are needed to recognise the type. */
export const MEDIA_TYPE_BYTES = 12;

/** The type of a file with audio or video by its first bytes, whatever its name says; undefined for all other files, also for lists of other files. Pure. */
export function detectMediaType(bytes: Uint8Array): MediaType | undefined {
  const latin = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (latin(4, 8) === 'ftyp') return 'mp4';
  if (latin(0, 4) === '\x1a\x45\xdf\xa3') return 'matroska';
  if (latin(0, 4) === 'OggS') return 'ogg';
  if (latin(0, 4) === 'fLaC') return 'flac';
  if (latin(0, 4) === 'RIFF' && latin(8, 12) === 'WAVE') return 'wave';
  // MPEG audio begins with a frame, whose first eleven bits are set, or with a tag.
  return latin(0, 3) === 'ID3' || (bytes[0] === 0xff && (bytes[1]! & 0xe0) === 0xe0) ? 'mp3' : undefined;
}
