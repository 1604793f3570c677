export { getFile } from './getFile.ts';
export { getFileHashes } from './getFileHashes.ts';
export { getWebFile } from './getWebFile.ts';
export { saveBigFilePart } from './saveBigFilePart.ts';
export { saveFilePart } from './saveFilePart.ts';
