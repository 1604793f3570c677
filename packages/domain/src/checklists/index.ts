/** Checklists: what clients send becomes of them, and how ticks and new tasks change them. They stand in messages, as other media do. */
export { applyListChange, checkListChange, keepCompletions, type ListActor, type ListChange, type ListChanged, listIn } from './change-list.ts';
export { prepareTodo, prepareTodoItems, TODO_ITEM_LENGTH_MAX, TODO_ITEMS_MAX, TODO_TITLE_LENGTH_MAX } from './prepare-list.ts';
