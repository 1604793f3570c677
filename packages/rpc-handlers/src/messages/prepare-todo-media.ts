import { prepareTodoItems, TODO_ITEM_LENGTH_MAX, TODO_ITEMS_MAX, TODO_TITLE_LENGTH_MAX } from '@aerogram/domain';
import type { MethodLimits, RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A character has up to two UTF-16 units, and clients may send white space around a text. */
const UNITS_PER_CHARACTER = 4;

/** Entities after those that are stored are cut off, not refused. */
const ENTITIES_MAX = 1000;

/** Limits of tasks, by the path of their list. */
export const taskLimits = (path: string): MethodLimits => ({
  vectors: { [path]: { max: TODO_ITEMS_MAX, error: 'TODO_ITEMS_TOO_MUCH' }, [`${path}.title.entities`]: ENTITIES_MAX },
  strings: { [`${path}.title.text`]: { max: UNITS_PER_CHARACTER * TODO_ITEM_LENGTH_MAX, error: 'MESSAGE_TOO_LONG' } },
});

/** Limits of the title of a checklist that is sent. */
export const TODO_LIMITS: MethodLimits = {
  vectors: { 'media.todo.title.entities': ENTITIES_MAX, ...taskLimits('media.todo.list').vectors },
  strings: { 'media.todo.title.text': { max: UNITS_PER_CHARACTER * TODO_TITLE_LENGTH_MAX, error: 'MESSAGE_TOO_LONG' }, ...taskLimits('media.todo.list').strings },
};

const normalizerOf = ({ domain: { messages }, userId }: RpcContext) => (text: string, entities: readonly tl.MessageEntity[]): ReturnType<typeof messages.normalizeText> =>
  messages.normalizeText(userId, text, entities);

/** Makes tasks that are added to a checklist. Throws as `prepareTodoItems`. */
export function prepareTasks(ctx: RpcContext, items: readonly tl.todoItem[]): Promise<tl.todoItem[]> {
  return prepareTodoItems(items, normalizerOf(ctx));
}
