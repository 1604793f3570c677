// Which published package holds which layer. Adding a layer is adding a line here.
//
// `mtcute`: a JSON schema at `path`; `gramjs`: TL text in a JavaScript module at `path`;
// `composed`: a layer that no package holds whole, put together from two neighbours by a committed list of facts.

/** @type {ReadonlyArray<{ layer: number, kind: 'mtcute' | 'gramjs', package: string, path: string } | { layer: number, kind: 'composed', facts: string }>} */
export const API_SOURCES = [
  { layer: 228, kind: 'mtcute', package: '@mtcute/core@0.31.0', path: 'tl/api-schema.json' },
  { layer: 227, kind: 'mtcute', package: '@mtcute/core@0.30.3', path: 'tl/api-schema.json' },
  { layer: 198, kind: 'gramjs', package: 'telegram@2.26.22', path: 'tl/apiTl.js' },
  { layer: 144, kind: 'composed', facts: 'layer-144.json' },
];

/** Layers that are only ingredients of a composed one; no file is written for them. */
export const INGREDIENTS = [
  { layer: 143, kind: 'gramjs', package: 'telegram@2.9.2', path: 'tl/apiTl.js' },
  { layer: 145, kind: 'gramjs', package: 'telegram@2.11.5', path: 'tl/apiTl.js' },
];

/** The service schema is written by hand (packages/schema/mtproto.tl) and checked against what these packages say. */
export const MTPROTO_SOURCES = [
  { kind: 'mtcute', package: '@mtcute/core@0.31.0', path: 'tl/mtp-schema.json' },
  { kind: 'gramjs', package: 'telegram@2.26.22', path: 'tl/schemaTl.js' },
];
