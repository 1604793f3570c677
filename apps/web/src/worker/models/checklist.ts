import type { tl } from '@mtcute/core';
import type { Checklist, ChecklistEdit, NewChecklist, Task } from '../../protocol/index.ts';
import { peerIdOf } from './ids.ts';
import { readEntities } from './text.ts';

/** Reads a list and what of it is done. Pure. */
export function readChecklist({ todo, completions = [] }: tl.RawMessageMediaToDo): Checklist {
  const done = new Map(completions.map((completion) => [completion.id, completion]));
  return {
    title: todo.title.text,
    entities: readEntities(todo.title.entities),
    tasks: todo.list.map(({ id, title }): Task => {
      const completion = done.get(id);
      return { id, text: title.text, entities: readEntities(title.entities), doneBy: completion && peerIdOf(completion.completedBy) };
    }),
    isOpenForTasks: todo.othersCanAppend === true,
    isOpenForTicks: todo.othersCanComplete === true,
  };
}

const words = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });

/** New tasks for the server. Pure. @param taken the ids of those that the list has already */
export function writeTasks(texts: readonly string[], taken: readonly number[] = []): tl.RawTodoItem[] {
  const first = Math.max(0, ...taken) + 1;
  return texts.map((text, at) => ({ _: 'todoItem', id: first + at, title: words(text) }));
}

/** A list that is to be made, for the server. Pure. */
export function writeChecklist({ title, tasks, isOpenForTasks, isOpenForTicks }: NewChecklist): tl.RawInputMediaTodo {
  return { _: 'inputMediaTodo', todo: { _: 'todoList', othersCanAppend: isOpenForTasks, othersCanComplete: isOpenForTicks, title: words(title), list: writeTasks(tasks) } };
}

/** A list after an edit: what keeps its text keeps its formats, too. Pure. */
export function editedChecklist({ title, entities, tasks }: Checklist, { changed, added, ...edit }: ChecklistEdit): Checklist {
  const texts = new Map(changed.map(({ id, text }) => [id, text]));
  const kept = tasks.flatMap((task): Task[] => {
    const text = texts.get(task.id) ?? task.text;
    if (text === '') return [];
    return [text === task.text ? task : { id: task.id, text }];
  });
  const next = Math.max(0, ...tasks.map(({ id }) => id)) + 1;
  return { ...edit, entities: edit.title === title ? entities : undefined, tasks: [...kept, ...added.map((text, at) => ({ id: next + at, text }))] };
}

/** A list as it is shown while it is on its way. Pure. */
export function unsentChecklist({ tasks, ...list }: NewChecklist): Checklist {
  return { ...list, tasks: tasks.map((text, at) => ({ id: at + 1, text })) };
}
