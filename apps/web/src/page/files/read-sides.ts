/** Width and height of a picture, in pixels. */
export interface Sides {
  width: number;
  height: number;
}

/** Bytes from the beginning of a picture in which its sides are looked for. */
export const HEAD_BYTES = 256 * 1024;

/**
 * Reads the sides of a picture from its first bytes, so that a huge one is not decoded. Pure.
 * @returns undefined if it is no JPEG, PNG, WebP or GIF, or its sides stand further back
 */
export function readSides(head: Uint8Array): Sides | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = (at: number, length: number): string => String.fromCharCode(...head.subarray(at, at + length));
  if (text(1, 3) === 'PNG' && head.length >= 24) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (text(0, 4) === 'GIF8' && head.length >= 10) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP' && head.length >= 30) return webpSides(view, text(12, 4));
  return head[0] === 0xff && head[1] === 0xd8 ? jpegSides(view) : undefined;
}

function webpSides(view: DataView, chunk: string): Sides | undefined {
  if (chunk === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (chunk !== 'VP8X') return undefined;
  const three = (at: number): number => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return { width: three(24), height: three(27) };
}

/** Segments that say how large the picture is: all beginnings of a frame. @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function jpegSides(view: DataView): Sides | undefined {
  for (let at = 2; at + 9 <= view.byteLength && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    if (isFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
