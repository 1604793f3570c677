import type { Sides } from './protocol.ts';

/** What the blocks of a GIF file say about its pictures. */
export interface GifShape {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  frames: number;
}

const HEADER_BYTES = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const END = 0x3b;
const IMAGE_HEADER_BYTES = 10;

/** How many bytes of the file, from its start, are needed to recognise a GIF file. */
export const GIF_TYPE_BYTES = 6;

/** Whether a file begins as a GIF file. Pure. */
export function isGif(bytes: Uint8Array): boolean {
  return /^GIF8[79]a$/.test(String.fromCharCode(...bytes.subarray(0, GIF_TYPE_BYTES)));
}

/** The sides of the pictures of a file that begins as a GIF file. Pure. @returns undefined if its header is cut off or names none */
export function readGifSides(head: Uint8Array): Sides | undefined {
  if (head.length < HEADER_BYTES) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const sides = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  return sides.width > 0 && sides.height > 0 ? sides : undefined;
}

/** Counts the pictures of a GIF file without decoding them. Pure. @returns undefined if it is damaged or truncated */
export function readGifShape(file: Uint8Array): GifShape | undefined {
  if (!isGif(file) || file.length < HEADER_BYTES) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const shape = { width: view.getUint16(6, true), height: view.getUint16(8, true), frames: 0 };
  let at = HEADER_BYTES + colourBytes(file[10]!);
  while (at < file.length) {
    const kind = file[at];
    if (kind === END) return shape;
    if (kind === IMAGE) {
      shape.frames++;
      // Behind the header and the colours is one byte about the codes that follow.
      at += IMAGE_HEADER_BYTES + colourBytes(file[at + IMAGE_HEADER_BYTES - 1] ?? 0) + 1;
    } else if (kind === EXTENSION) {
      at += 2;
    } else {
      return undefined;
    }
    while (at < file.length && file[at] !== 0) at += 1 + file[at]!;
    at++;
  }
  return undefined;
}

/** The length of a table of colours, of which the flags before it tell. */
function colourBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}
