// A CDN node: it serves ciphertext that its origin pushed to it, to clients that show a token of the origin.
export { MIN_MEMORY_BYTES, parseSize } from './divide-memory.ts';
export { type CdnFile, type NodeDirectory, readNodeDirectory } from './node-files.ts';
export { type CdnOptions, type RunningCdn, startCdn } from './start-cdn.ts';
