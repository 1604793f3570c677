export { getFile } from './getFile.ts';
