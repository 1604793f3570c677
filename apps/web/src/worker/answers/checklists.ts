import type { tl } from '@mtcute/core';
import type { Checklist, ChecklistQuestions, MessageId, PeerId, Task } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { editedChecklist, unsentChecklist, writeChecklist, writeTasks } from '../models/checklist.ts';
import { isRefusal, Refused } from '../refusal.ts';
import { inputEntities } from '../send/input-entities.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Lists of what is to be done. */
export function answerChecklists({ account, history, outbox }: AnswerDeps): AnswersTo<ChecklistQuestions> {
  const find = async (peer: PeerId, message: MessageId): Promise<Checklist> => {
    const [row] = await history.get(peer, [message]);
    if (row?.media?.kind !== 'checklist') throw new Refused({ code: 'MESSAGE_ID_INVALID' });
    return row.media.list;
  };
  const words = async ({ text, entities }: Pick<Task, 'text' | 'entities'>): Promise<tl.RawTextWithEntities> => ({ _: 'textWithEntities', text, entities: (await inputEntities(account, entities)) ?? [] });
  return {
    'checklists.limits': async () => {
      const config = await loadAppConfig(account);
      return { tasks: config.number('todo_items_max', 30), title: config.number('todo_title_length_max', 32), task: config.number('todo_item_length_max', 64) };
    },
    'checklists.send': ({ list, ...message }) => outbox.sendStored({ ...message, text: '', entities: [] }, { media: { kind: 'checklist', list: unsentChecklist(list) }, uploaded: writeChecklist(list) }),
    'checklists.tick': async ({ peer, message, task, isDone }) => {
      const [completed, incompleted] = isDone ? [[task], []] : [[], [task]];
      await account.change({ _: 'messages.toggleTodoCompleted', peer: await account.inputPeer(peer), msgId: message, completed, incompleted });
    },
    'checklists.addTasks': async ({ peer, message, tasks }) => {
      const list = writeTasks(tasks, (await find(peer, message)).tasks.map(({ id }) => id));
      await account.change({ _: 'messages.appendTodoList', peer: await account.inputPeer(peer), msgId: message, list });
    },
    'checklists.edit': async ({ peer, message, edit }) => {
      const { title, entities, tasks, isOpenForTasks, isOpenForTicks } = editedChecklist(await find(peer, message), edit);
      const list = await Promise.all(tasks.map(async (task): Promise<tl.RawTodoItem> => ({ _: 'todoItem', id: task.id, title: await words(task) })));
      const todo: tl.RawTodoList = { _: 'todoList', title: await words({ text: title, entities }), list, othersCanAppend: isOpenForTasks, othersCanComplete: isOpenForTicks };
      try {
        await account.change({ _: 'messages.editMessage', peer: await account.inputPeer(peer), id: message, media: { _: 'inputMediaTodo', todo } });
      } catch (error) {
        if (!isRefusal(error, 'MESSAGE_NOT_MODIFIED')) throw error;
      }
    },
  };
}
