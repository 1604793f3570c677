/** The dialogs and tags of Saved Messages. */
export { createSaved, type Saved, type SavedDialog } from './saved.ts';
