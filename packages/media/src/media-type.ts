/** A kind of file with audio or video that mediabunny reads. */
export type MediaType = 'mp4' | 'matroska' | 'ogg' | 'wave' | 'flac' | 'mp3';

/** Another kind of such files, which only ffprobe reads, as ffmpeg names its format. */
export type ProbedType = 'avi' | 'asf' | 'flv' | 'mpeg' | 'mpegts' | 'amr' | 'aiff';

/** The length of a packet of an MPEG transport stream, in bytes. */
const PACKET_BYTES = 188;

const PACKET_START = 0x47;

/** How many bytes of the file, from its start, are needed to recognise the type. */
export const MEDIA_TYPE_BYTES = 2 * PACKET_BYTES + 1;

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

/** The type of a file with audio or video that only ffprobe reads, by its first bytes; undefined for all other files. Pure. */
export function detectProbedType(bytes: Uint8Array): ProbedType | undefined {
  const latin = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (latin(0, 4) === 'RIFF' && latin(8, 12) === 'AVI ') return 'avi';
  if (latin(0, 8) === '\x30\x26\xb2\x75\x8e\x66\xcf\x11') return 'asf';
  if (latin(0, 4) === 'FLV\x01') return 'flv';
  if (latin(0, 4) === '\x00\x00\x01\xba') return 'mpeg';
  if (latin(0, 6) === '#!AMR\n') return 'amr';
  if (latin(0, 4) === 'FORM' && /^AIF[FC]$/.test(latin(8, 12))) return 'aiff';
  return [0, 1, 2].every((packet) => bytes[packet * PACKET_BYTES] === PACKET_START) ? 'mpegts' : undefined;
}
