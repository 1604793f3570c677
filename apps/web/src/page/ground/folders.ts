import { openView } from './link.ts';

/** Folders, archive and what is unread: kept open as long as the page, because the title of the window needs it too. */
export const folders = openView('folders', {}).state;
