import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { hasFlag, MessageFlag, unpackMessageExtra } from '../events/index.ts';
import { TODO_ITEMS_MAX } from './prepare-list.ts';

/** New tasks, or tasks that are done or not done any more, by their ids. */
export type ListChange = { kind: 'append'; items: readonly tl.todoItem[] } | { kind: 'toggle'; completed: readonly number[]; incompleted: readonly number[] };

/** Who changes a list. */
export interface ListActor {
  /** In whose name tasks are done. */
  peer: tl.Peer;
  /** Whether the message with the list is the actor's own. */
  isOwn: boolean;
  /** Unix seconds. */
  nowDate: number;
}

/** A list after a change. */
export interface ListChanged {
  media: tl.messageMediaToDo;
  /** The action of the service message about the change. */
  action: tl.messageActionTodoAppendTasks | tl.messageActionTodoCompletions;
}

/** The list in a message; undefined if it has none. */
export function listIn({ extra }: { extra: Uint8Array | null }): tl.messageMediaToDo | undefined {
  const { media } = unpackMessageExtra(extra);
  return media?._ === 'messageMediaToDo' ? media : undefined;
}

/**
 * Checks that somebody may change the list of a message in this way. Pure.
 * @param message that the actor may read; undefined if there is none
 * @returns the list
 * @throws RpcError 400 MESSAGE_ID_INVALID (no list), TODO_NOT_MODIFIED (nothing is named), TODO_ITEM_DUPLICATE (an id that is taken or named twice), TODO_ITEMS_TOO_MUCH,
 * 403 MESSAGE_AUTHOR_REQUIRED (a forward, or a list of somebody else that is not open for others)
 */
export function checkListChange(message: { extra: Uint8Array | null; flags: number } | undefined, change: ListChange, { isOwn }: Pick<ListActor, 'isOwn'>): tl.messageMediaToDo {
  const media = message === undefined || hasFlag(message, MessageFlag.service) ? undefined : listIn(message);
  if (message === undefined || media === undefined) throw rpcError('MESSAGE_ID_INVALID');
  const { others_can_append: mayAppend, others_can_complete: mayComplete, list } = media.todo;
  const isOpen = isOwn || (change.kind === 'append' ? mayAppend : mayComplete) === true;
  if (!isOpen || unpackMessageExtra(message.extra).fwdFrom !== undefined) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
  const ids = change.kind === 'append' ? change.items.map(({ id }) => id) : [...change.completed, ...change.incompleted];
  if (ids.length === 0) throw rpcError('TODO_NOT_MODIFIED');
  const taken = change.kind === 'append' ? list.map(({ id }) => id) : [];
  if (new Set([...ids, ...taken]).size !== ids.length + taken.length) throw rpcError('TODO_ITEM_DUPLICATE');
  if (list.length + (change.kind === 'append' ? ids.length : 0) > TODO_ITEMS_MAX) throw rpcError('TODO_ITEMS_TOO_MUCH');
  return media;
}

/**
 * A list after a change. What is done already keeps its date and whoever did it, and what the list does not have is left out. Pure.
 * @returns undefined if nothing changes
 */
export function applyListChange(media: tl.messageMediaToDo, change: ListChange, actor: Pick<ListActor, 'peer' | 'nowDate'>): ListChanged | undefined {
  return change.kind === 'append' ? append(media, change.items) : toggle(media, change, actor);
}

function append(media: tl.messageMediaToDo, items: readonly tl.todoItem[]): ListChanged | undefined {
  const { todo } = media;
  const taken = new Set(todo.list.map(({ id }) => id));
  const added = items.filter(({ id }) => !taken.has(id)).slice(0, TODO_ITEMS_MAX - todo.list.length);
  if (added.length === 0) return undefined;
  return { media: { ...media, todo: { ...todo, list: [...todo.list, ...added] } }, action: { _: 'messageActionTodoAppendTasks', list: added } };
}

function toggle(media: tl.messageMediaToDo, change: Extract<ListChange, { kind: 'toggle' }>, { peer, nowDate }: Pick<ListActor, 'peer' | 'nowDate'>): ListChanged | undefined {
  const before = media.completions ?? [];
  const listed = new Set(media.todo.list.map(({ id }) => id));
  const done = new Set(before.map(({ id }) => id));
  const completed = change.completed.filter((id) => listed.has(id) && !done.has(id));
  const incompleted = change.incompleted.filter((id) => done.has(id));
  if (completed.length === 0 && incompleted.length === 0) return undefined;
  const kept = before.filter(({ id }) => !incompleted.includes(id));
  const added = completed.map((id): tl.todoCompletion => ({ _: 'todoCompletion', id, completed_by: peer, date: nowDate }));
  return { media: withCompletions(media, [...kept, ...added]), action: { _: 'messageActionTodoCompletions', completed, incompleted } };
}

/** A list that its author has written anew: what was done of the tasks that are still in it stays done. Pure. */
export function keepCompletions(edited: tl.messageMediaToDo, before: tl.messageMediaToDo): tl.messageMediaToDo {
  const listed = new Set(edited.todo.list.map(({ id }) => id));
  return withCompletions(edited, (before.completions ?? []).filter(({ id }) => listed.has(id)));
}

function withCompletions(media: tl.messageMediaToDo, completions: tl.TodoCompletion[]): tl.messageMediaToDo {
  return { ...media, completions: completions.length > 0 ? completions : undefined };
}
