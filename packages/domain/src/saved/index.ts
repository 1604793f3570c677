/** Saved Messages: its chats and its tags. */
export { createSaved, type Saved, type SavedDialog } from './saved.ts';
