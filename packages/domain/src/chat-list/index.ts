/** The chat list as clients read it, with its pinned dialogs and folders. */
export { createDialogs, type Dialogs } from './dialogs.ts';
export { createFilters, type Filters } from './filters.ts';
