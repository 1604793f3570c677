import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isLongerThan } from '../shared/index.ts';

/** Maximum number of tasks in a list; sent to clients in help.getAppConfig (`todo_items_max`). */
export const TODO_ITEMS_MAX = 30;
/** Maximum length of the title of a list in characters; sent to clients in help.getAppConfig (`todo_title_length_max`). */
export const TODO_TITLE_LENGTH_MAX = 255;
/** Maximum length of a task in characters; sent to clients in help.getAppConfig (`todo_item_length_max`). */
export const TODO_ITEM_LENGTH_MAX = 200;
/** Maximum number of entities in a title or task, so that a message with the longest list can be stored. More are cut off. */
const ENTITIES_MAX = 20;

/** The entities that official clients expect in lists; they take others for errors of the server. */
const ALLOWED = new Set<tl.MessageEntity['_']>(['messageEntityBold', 'messageEntityItalic', 'messageEntityUnderline', 'messageEntityStrike', 'messageEntitySpoiler', 'messageEntityCustomEmoji']);

/** Normalises a text and its entities as those of messages. */
interface FormattedWords {
  text: string;
  entities: readonly tl.MessageEntity[];
}

type Normalize = (text: string, entities: readonly tl.MessageEntity[]) => FormattedWords | Promise<FormattedWords>;

/** For whom a list is made. */
export interface TodoTarget {
  /** Bots have no lists, and broadcast channels neither. */
  isAllowed: boolean;
  normalize: Normalize;
}

/**
 * Rebuilds a list from what a client wants to send. Nothing in it is done yet.
 * @throws RpcError 400 MEDIA_INVALID (no list is allowed), TODO_ITEMS_EMPTY, and as {@link prepareTodoItems}
 */
export async function prepareTodo(input: tl.todoList, { isAllowed, normalize }: TodoTarget): Promise<tl.messageMediaToDo> {
  if (!isAllowed) throw rpcError('MEDIA_INVALID');
  if (input.list.length === 0) throw rpcError('TODO_ITEMS_EMPTY');
  const todo: tl.todoList = {
    _: 'todoList',
    others_can_append: input.others_can_append === true || undefined,
    others_can_complete: input.others_can_complete === true || undefined,
    title: await prepareTitle(input.title, TODO_TITLE_LENGTH_MAX, normalize),
    list: await prepareTodoItems(input.list, normalize),
  };
  return { _: 'messageMediaToDo', todo };
}

/**
 * Rebuilds tasks from what a client wants to send.
 * @throws RpcError 400 TODO_ITEMS_TOO_MUCH, TODO_ITEM_DUPLICATE, MEDIA_INVALID (an id that is not positive), MESSAGE_TOO_LONG (a text), and as `normalizeText`
 */
export async function prepareTodoItems(items: readonly tl.todoItem[], normalize: Normalize): Promise<tl.todoItem[]> {
  if (items.length > TODO_ITEMS_MAX) throw rpcError('TODO_ITEMS_TOO_MUCH');
  if (items.some(({ id }) => id <= 0)) throw rpcError('MEDIA_INVALID');
  if (new Set(items.map(({ id }) => id)).size !== items.length) throw rpcError('TODO_ITEM_DUPLICATE');
  return Promise.all(items.map(async ({ id, title }): Promise<tl.todoItem> => ({ _: 'todoItem', id, title: await prepareTitle(title, TODO_ITEM_LENGTH_MAX, normalize) })));
}

async function prepareTitle(given: tl.textWithEntities, lengthMax: number, normalize: Normalize): Promise<tl.textWithEntities> {
  const { text, entities } = await normalize(given.text, given.entities.filter(({ _ }) => ALLOWED.has(_)));
  if (isLongerThan(text, lengthMax)) throw rpcError('MESSAGE_TOO_LONG');
  return { _: 'textWithEntities', text, entities: entities.filter(({ _ }) => ALLOWED.has(_)).slice(0, ENTITIES_MAX) };
}
