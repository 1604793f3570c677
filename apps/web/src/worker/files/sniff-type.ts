type Signature = [type: string, offset: number, bytes: string];

const SIGNATURES: Signature[] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/mpeg', 0, '\xff\xfb'],
  ['audio/mpeg', 0, '\xff\xf3'],
  ['video/webm', 0, '\x1aE\xdf\xa3'],
];

const hasBytes = (content: Uint8Array, offset: number, bytes: string): boolean => Array.from(bytes, (character) => character.charCodeAt(0)).every((byte, index) => content[offset + index] === byte);

/**
 * The type of a file by its first bytes. Only what a browser can show without running anything in it has one; the rest is `application/octet-stream`,
 * whatever the sender said. Pure.
 */
export function sniffType(content: Uint8Array, claimed: string): string {
  const found = SIGNATURES.find(([, offset, bytes]) => hasBytes(content, offset, bytes));
  if (found) return found[0];
  if (hasBytes(content, 4, 'ftyp')) return claimed.startsWith('audio/') || hasBytes(content, 8, 'M4A') ? 'audio/mp4' : 'video/mp4';
  // Animated stickers are unpacked by the page, which checks their content itself.
  return claimed === 'application/x-tgsticker' && hasBytes(content, 0, '\x1f\x8b') ? claimed : 'application/octet-stream';
}
