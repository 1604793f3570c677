/** A type of picture that is taken for a photo. */
export type PictureType = 'jpeg' | 'png' | 'webp';

/** How many bytes of the file, from its start, are needed to recognise the type. */
export const TYPE_BYTES = 12;

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The type of a picture by its first bytes, whatever its name says; undefined if it cannot be a photo. Pure. */
export function detectPictureType(bytes: Uint8Array): PictureType | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (PNG.every((byte, at) => bytes[at] === byte)) return 'png';
  return latin(bytes, 0, 4) === 'RIFF' && latin(bytes, 8, 12) === 'WEBP' ? 'webp' : undefined;
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
