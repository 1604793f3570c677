/** The chat list as clients read it, with its pinned dialogs and folders. */
export { Dialogs } from './dialogs.ts';
export { createFilters, FILTER_CHATS_MAX, type Filters, FILTERS_MAX, freeFilterId } from './filters.ts';
export {
  findFolderByLink,
  findFolderLink,
  findJoinedFolder,
  type FolderLink,
  type FolderPlace,
  forgetSharedFolder,
  insertFolderLink,
  type JoinedFolder,
  listFolderLinks,
  removeFolderLink,
  saveFolderLink,
  saveJoinedFolder,
} from './folder-link-store.ts';
