import type { FileRef } from './models.ts';

/** Names a file in the cache and among those that are being loaded. Pure. */
export const fileKey = (file: FileRef): string => (file.of === 'peer' ? `peer:${file.photo}:${file.isBig ? 'big' : 'small'}` : `${file.file}:${file.size}`);
