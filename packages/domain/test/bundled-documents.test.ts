import { gunzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { BUNDLED_DOCUMENTS, BUNDLED_REACTIONS, readBundledDocument } from '../src/documents/bundled-documents.ts';
import { DEFAULT_REACTION, KNOWN_REACTIONS } from '../src/documents/known-reactions.ts';
import { REACTION_FILES } from '../src/documents/reaction-files.gen.ts';

/**
 * Limits for stickers.
 * @see https://core.telegram.org/stickers#animated-stickers-and-emoji
 */
const MAX_BYTES = 65_536;
const MAX_FRAMES = 180;

interface Layer {
  ty: number;
  refId?: string;
  ip: number;
  op: number;
  shapes?: Shape[];
  ks: { s: { k: { s: number[] }[] } };
}

interface Shape {
  ty: string;
  it?: Shape[];
  ks?: { k: { i: number[][]; o: number[][]; v: number[][]; c: boolean } };
}

interface Lottie {
  layers: Layer[];
  assets: { id: string; layers: Layer[] }[];
}

describe('the documents of reactions', () => {
  it('exist for every known reaction, including the default one', () => {
    const codePoints = (emoji: string): string => Array.from(emoji, (sign) => sign.codePointAt(0)!.toString(16)).join('-');
    expect(REACTION_FILES.map(([folder]) => folder)).toEqual(KNOWN_REACTIONS.map(codePoints));
    expect(KNOWN_REACTIONS).toContain(DEFAULT_REACTION);
    for (const { title } of BUNDLED_REACTIONS) expect(title).toMatch(/^[A-Z][A-Za-z -]+$/);
  });

  it('have unique ids', () => {
    expect(BUNDLED_DOCUMENTS.size).toBe(KNOWN_REACTIONS.length * 7);
    for (const id of BUNDLED_DOCUMENTS.keys()) expect(id > 0n && id < 2n ** 63n).toBe(true);
  });

  it.each(BUNDLED_REACTIONS)('$emoji has valid drawings', async ({ documents }) => {
    for (const [role, document] of Object.entries(documents)) {
      const bytes = Buffer.from(await readBundledDocument(document));
      expect(bytes.length, role).toBe(document.size);
      expect(bytes.length, role).toBeLessThanOrEqual(MAX_BYTES);
      if (document.kind === 'webp') {
        expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP']);
        continue;
      }
      const lottie = JSON.parse(gunzipSync(bytes).toString()) as Lottie & Record<string, unknown>;
      expect(lottie, role).toMatchObject({ tgs: 1, fr: 60, ip: 0, w: 512, h: 512, ddd: 0 });
      expect(lottie['op'], role).toBeLessThanOrEqual(MAX_FRAMES);
      const layers = [...lottie.layers, ...lottie.assets.flatMap((asset) => asset.layers)];
      expect(layers.length, role).toBeGreaterThan(0);
      for (const layer of layers) checkLayer(layer, lottie);
      // Clients draw this one twice as large as its place, so the picture has to stay in the middle half.
      if (role === 'center_icon') expect(reachOf(lottie)).toBeLessThanOrEqual(128);
    }
  });
});

/** How far the picture of a single layer that grows around its middle reaches from there, in units of the sticker. */
function reachOf({ layers: [layer] }: Lottie): number {
  const greatest = Math.max(...layer!.ks.s.k.flatMap((key) => key.s)) / 100;
  const points = layer!.shapes!.flatMap(({ it: parts = [] }) => parts.flatMap(({ ks }) => (Array.isArray(ks?.k.v) ? ks.k.v : [])));
  return greatest * Math.max(...points.flat().map((value) => Math.abs(value - 256)));
}

function checkLayer(layer: Layer, { assets }: Lottie): void {
  expect(layer.op).toBeGreaterThan(layer.ip);
  if (layer.ty === 0) return expect(assets.map(({ id }) => id)).toContain(layer.refId);
  expect(layer.ty).toBe(4);
  expect(layer.shapes!.length).toBeGreaterThan(0);
  for (const { ty, it: parts = [] } of layer.shapes!) {
    expect(ty).toBe('gr');
    expect(parts.slice(-2).map((part) => part.ty)).toEqual(['fl', 'tr']);
    for (const { ty: kind, ks } of parts.slice(0, -2)) {
      const { i, o, v } = ks!.k;
      expect({ kind, ins: i.length, outs: o.length }).toEqual({ kind: 'sh', ins: v.length, outs: v.length });
      // Twemoji drawings stay within their square, except for the width of a stroke.
      for (const point of v) for (const value of point) expect(Number.isFinite(value) && value > -40 && value < 552).toBe(true);
    }
  }
}
