export { getFile } from './getFile.ts';
export { getFileHashes } from './getFileHashes.ts';
export { saveBigFilePart } from './saveBigFilePart.ts';
export { saveFilePart } from './saveFilePart.ts';
