import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import encodeWebp, { init as initWebp } from '@jsquash/webp/encode.js';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const { resolve } = createRequire(join(process.cwd(), 'package.json'));
await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
await initWebp({ wasmBinary: readFileSync(resolve('@jsquash/webp/codec/enc/webp_enc_simd.wasm')).buffer });

/** Asks for the emoji's colourful picture. It is left out of most names of files, and of some spellings of emoji. */
const SELECTOR = '\uFE0F';
/** Joins signs to one emoji. */
const JOINER = '\u200D';

/** The code points of an emoji in hexadecimal, as names of files have them. */
export const codePoints = (text: string): string => Array.from(text, (sign) => sign.codePointAt(0)!.toString(16)).join('-');

/** Reads a file of an installed package. @returns undefined if the package has no such file */
export function readInstalled(name: string): string | undefined {
  try {
    return readFileSync(resolve(name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Twemoji's picture of an emoji, as SVG. Twemoji's names keep the selector in some sequences only, so several spellings are tried.
 * @returns undefined if Twemoji has none
 */
export function findTwemoji(emoji: string): string | undefined {
  const withSelector = (part: string): string => (Array.from(part).length === 1 && part < '\u{1F000}' ? `${part}${SELECTOR}` : part);
  const spellings = [emoji, emoji.split(JOINER).map(withSelector).join(JOINER), emoji.replaceAll(SELECTOR, '')];
  for (const spelling of spellings) {
    const svg = readInstalled(`@twemoji/svg/${codePoints(spelling)}.svg`);
    if (svg !== undefined) return svg;
  }
  return undefined;
}

/** How a still picture is written. */
interface Still {
  /** Pixels. */
  side: number;
  /** 0…100, as libwebp has it. */
  quality: number;
}

/** Draws a picture as a still in WebP. */
export async function drawStill(svg: string, { side, quality }: Still): Promise<Uint8Array> {
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: side } }).render();
  const { width, height } = image;
  // Resvg multiplies colours by their opacity, which WebP does not want.
  const data = Uint8ClampedArray.from(image.pixels);
  image.free();
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!;
    if (alpha > 0) for (let part = at; part < at + 3; part++) data[part] = (data[part]! * 255) / alpha;
  }
  return new Uint8Array(await encodeWebp({ data, width, height, colorSpace: 'srgb' } as Parameters<typeof encodeWebp>[0], { quality }));
}
