export { getCdnFileHashes } from './getCdnFileHashes.ts';
export { getFile } from './getFile.ts';
export { getFileHashes } from './getFileHashes.ts';
export { getWebFile } from './getWebFile.ts';
export { reuploadCdnFile } from './reuploadCdnFile.ts';
export { saveBigFilePart } from './saveBigFilePart.ts';
export { saveFilePart } from './saveFilePart.ts';
