/** Chat folders that are shared by links: making links, joining by them, keeping up with what their authors add, leaving. */
export { FOLDER_LINKS_MAX } from './folder-links.ts';
export type { OfferedFolder } from './offered-folder.ts';
export { createSharedFolders, type SharedFolders } from './shared-folders.ts';
