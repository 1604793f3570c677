// Uploads of mtcute, apart from its client because few pages need them at the start.
export { uploadFile } from '@mtcute/core/methods.js';
