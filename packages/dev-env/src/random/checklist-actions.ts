import type { tl } from '@aerogram/tl';
import type { BoxMessage } from '../state/box-message.ts';
import type { Chance } from './chance.ts';

/** Tasks of random lists have ids up to this number, so that two devices add the same now and then. */
const IDS_MAX = 8;

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const taskOf = (chance: Chance, id: number): tl.todoItem => ({ _: 'todoItem', id, title: words(`task ${chance.below(1000)}`) });

/** Whether a message has a checklist. */
export const isChecklist = ({ raw }: BoxMessage): boolean => raw._ === 'message' && raw.media?._ === 'messageMediaToDo';

/** A list with some tasks, most often one that others change, too. */
export function newChecklist(chance: Chance): tl.inputMediaTodo {
  const list = Array.from({ length: 1 + chance.below(4) }, (_, at) => taskOf(chance, at + 1));
  const isClosed = chance.below(5) === 0;
  return { _: 'inputMediaTodo', todo: { _: 'todoList', title: words(`list ${chance.below(1000)}`), list, others_can_append: !isClosed || undefined, others_can_complete: !isClosed || undefined } };
}

/** Ticks or unticks tasks of a list, adds one, or writes the list anew. */
export function changeChecklist(chance: Chance, peer: tl.InputPeer, { id, out }: BoxMessage): tl.messages.toggleTodoCompleted | tl.messages.appendTodoList | tl.messages.editMessage {
  const dice = chance.below(8);
  if (dice === 0) return { _: 'messages.appendTodoList', peer, msg_id: id, list: [taskOf(chance, 1 + chance.below(IDS_MAX))] };
  if (dice === 1 && out) return { _: 'messages.editMessage', peer, id, media: newChecklist(chance) };
  const named = [1, 2, 3, 4].filter(() => chance.below(2) === 0);
  const at = chance.below(named.length + 1);
  return { _: 'messages.toggleTodoCompleted', peer, msg_id: id, completed: named.slice(at), incompleted: named.slice(0, at) };
}
