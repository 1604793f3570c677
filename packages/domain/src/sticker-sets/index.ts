/** Sticker sets: those that ship with the server, with all their documents, and those that clients request by their purpose. */
export { BundledFiles } from './bundled-files.ts';
