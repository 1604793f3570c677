export { codecFor, servedLayer, type LayerCodec } from './codec-for.ts';
export { liftForm } from './lift-form.ts';
export { readRequest } from './read-request.ts';
export { readWrappers } from './read-wrappers.ts';
export { REQUEST_READERS } from './request-table.ts';
export { STORED_LAYER, storedDecode, storedEncode } from './stored.ts';
