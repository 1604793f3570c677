// Draws the icons of the installed web client, and the small one in one colour that Android shows in its bar, from the sign.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

/** Name of a file → its size, and the part of it that the sign takes: masks of phones cut off the edges of maskable ones. */
export const WEB_ICONS = {
  'icon-192.png': { size: 192, part: 1 },
  'icon-512.png': { size: 512, part: 1 },
  'icon-maskable-512.png': { size: 512, part: 0.66, background: '#2b5fd9' },
};
export const BADGE = 'badge-96.png';

const NOTHING = { r: 0, g: 0, b: 0, alpha: 0 };

const draw = (svg, size) => sharp(Buffer.from(svg), { density: (72 * size) / 48 }).resize(size, size);

/**
 * Draws all icons.
 * @param sign path of the sign, an SVG of 48 by 48
 * @returns name of a file → PNG
 */
export async function drawWebIcons(sign) {
  const svg = readFileSync(sign, 'utf8');
  const icons = new Map();
  for (const [name, { size, part, background = NOTHING }] of Object.entries(WEB_ICONS)) {
    const inner = Math.round(size * part);
    const picture = await draw(svg, inner).png().toBuffer();
    icons.set(name, await sharp({ create: { width: size, height: size, channels: 4, background } }).composite([{ input: picture }]).png({ palette: true }).toBuffer());
  }
  // Only the outline of what is opaque counts there: the sheet in white, its lines cut out.
  const outline = svg.replace('fill="#2b5fd9"', 'fill="#fff"').replaceAll('stroke="#fff"', 'stroke="#000"').replaceAll('stroke="#ff8a92"', 'stroke="#000"');
  const mask = await draw(outline, 96).flatten({ background: '#000' }).greyscale().raw().toBuffer();
  icons.set(BADGE, await sharp({ create: { width: 96, height: 96, channels: 3, background: '#fff' } }).joinChannel(mask, { raw: { width: 96, height: 96, channels: 1 } }).png().toBuffer());
  return icons;
}
