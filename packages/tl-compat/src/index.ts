export { codecFor, type LayerCodec } from './codec-for.ts';
export { readRequest } from './read-request.ts';
export { storedDecode, storedEncode } from './stored.ts';
