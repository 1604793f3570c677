/** Downloads from CDN nodes: which files, tokens and keys, pushes, and what nodes must forget (docs/cdn.md). */
export { Cdn, type CdnCaller } from './cdn.ts';
export { createCdnRevocations } from './revocations.ts';
