// Which published package holds which layer. Adding a layer is adding a line here.
//
// `mtcute`: a JSON schema at `path`; `gramjs`: TL text in a JavaScript module at `path`. Layers that no package holds whole
// are made from committed facts: `composed` from two neighbours, `differing` from another layer of this list.

const core = (layer, version) => ({ layer, kind: 'mtcute', package: `@mtcute/core@${version}`, path: 'tl/api-schema.json' });
const tl = (layer, version) => ({ layer, kind: 'mtcute', package: `@mtcute/tl@${version}`, path: 'api-schema.json' });
const gramjs = (layer, version) => ({ layer, kind: 'gramjs', package: `telegram@${version}`, path: 'tl/apiTl.js' });

/** @type {ReadonlyArray<{ layer: number, kind: 'mtcute' | 'gramjs', package: string, path: string } | { layer: number, kind: 'composed' | 'differing', facts: string }>} */
export const API_SOURCES = [
  { layer: 229, kind: 'differing', facts: 'layer-229.json' },
  core(228, '0.31.0'),
  core(227, '0.30.3'),
  core(225, '0.29.7'),
  { layer: 224, kind: 'differing', facts: 'layer-224.json' },
  tl(223, '223.0.0'),
  tl(221, '221.0.0'),
  tl(220, '220.0.0'),
  tl(218, '218.0.1'),
  tl(216, '216.0.0'),
  { layer: 214, kind: 'differing', facts: 'layer-214.json' },
  tl(204, '204.0.0'),
  gramjs(198, '2.26.22'),
  gramjs(193, '2.26.16'),
  tl(189, '189.0.0'),
  tl(185, '185.1.0'),
  gramjs(184, '2.25.4'),
  gramjs(181, '2.22.2'),
  gramjs(152, '2.16.3'),
  { layer: 144, kind: 'composed', facts: 'layer-144.json' },
];

/** Layers that are only ingredients of a composed one; no file is written for them. */
export const INGREDIENTS = [
  gramjs(143, '2.9.2'),
  gramjs(145, '2.11.5'),
];

/** The service schema is written by hand (packages/schema/mtproto.tl) and checked against what these packages say. */
export const MTPROTO_SOURCES = [
  { kind: 'mtcute', package: '@mtcute/core@0.31.0', path: 'tl/mtp-schema.json' },
  { kind: 'gramjs', package: 'telegram@2.26.22', path: 'tl/schemaTl.js' },
];
