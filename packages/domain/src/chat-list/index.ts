/** The list of chats, its pins and its folders, as clients read them. */
export { createDialogs, type Dialogs } from './dialogs.ts';
export { createFilters, type Filters } from './filters.ts';
