import { defineCounter, defineGauge } from '@aerogram/runtime';

export const cdnParts = defineCounter({
  name: 'aerogram_cdn_parts_total',
  help: 'Calls of upload.getCdnFile that a CDN node answered, by outcome: hit, miss (the origin has to push the window), token, invalid, busy, or method (another method, which no node has).',
  labels: ['outcome'],
});
export const cdnBytes = defineCounter({
  name: 'aerogram_cdn_bytes_total',
  help: 'Bytes of files, pushed to a CDN node (in) or sent to clients by it (out).',
  labels: ['direction'],
});
export const cdnPushes = defineCounter({
  name: 'aerogram_cdn_pushes_total',
  help: 'Messages to the private port of a CDN node, by kind and outcome.',
  labels: ['kind', 'outcome'],
});
export const cdnCacheBytes = defineGauge({ name: 'aerogram_cdn_cache_bytes', help: 'Memory that a CDN node uses for content.' });
export const cdnCacheWindows = defineGauge({ name: 'aerogram_cdn_cache_windows', help: 'Windows of files that a CDN node can serve.' });

/** What came of a call of upload.getCdnFile. */
export type PartOutcome = 'hit' | 'miss' | 'token' | 'invalid' | 'busy' | 'method';
