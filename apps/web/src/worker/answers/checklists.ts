import type { ChecklistQuestions } from '../../protocol/index.ts';
import { unsentChecklist, writeChecklist, writeTasks } from '../models/checklist.ts';
import { Refused } from '../refusal.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Lists of what is to be done. */
export function answerChecklists({ account, history, outbox }: AnswerDeps): AnswersTo<ChecklistQuestions> {
  return {
    'checklists.send': ({ list, ...message }) => outbox.sendStored({ ...message, text: '', entities: [] }, { media: { kind: 'checklist', list: unsentChecklist(list) }, uploaded: writeChecklist(list) }),
    'checklists.tick': async ({ peer, message, task, isDone }) => {
      const [completed, incompleted] = isDone ? [[task], []] : [[], [task]];
      await account.change({ _: 'messages.toggleTodoCompleted', peer: await account.inputPeer(peer), msgId: message, completed, incompleted });
    },
    'checklists.addTasks': async ({ peer, message, tasks }) => {
      const [row] = await history.get(peer, [message]);
      if (row?.media?.kind !== 'checklist') throw new Refused({ code: 'MESSAGE_ID_INVALID' });
      const list = writeTasks(tasks, row.media.list.tasks.map(({ id }) => id));
      await account.change({ _: 'messages.appendTodoList', peer: await account.inputPeer(peer), msgId: message, list });
    },
  };
}
