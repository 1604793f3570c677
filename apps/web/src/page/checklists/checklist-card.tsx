import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Checklist, Message, Task } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { FormattedText } from '../text/formatted-text.tsx';
import { authorName } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { AddTasks } from './new-checklist.tsx';

/** What the account may do with a list. */
interface AllowedOnList {
  tick: boolean;
  add: boolean;
}

function allowedOnList({ id, peer, isOut, forwarded }: Message, list: Checklist): AllowedOnList {
  const shown = peerSignal(peer).value;
  // Nothing in Saved Messages is one's own, but all of it is.
  const isOwn = isOut || shown?.isSelf === true;
  const isOpen = id !== 0 && forwarded === undefined && shown?.rights.write === true && shown.kind !== 'channel';
  return { tick: isOpen && (isOwn || list.isOpenForTicks), add: isOpen && (isOwn || list.isOpenForTasks) };
}

const TaskLine: FunctionComponent<{ message: Message; task: Task; mayTick: boolean }> = ({ message: { peer, id }, task, mayTick }) => {
  /** What the person wants, until the server has said yes or no. */
  const wanted = useSignal<boolean | undefined>(undefined);
  const { doneBy, text, entities } = task;
  const tick = async (isDone: boolean): Promise<void> => {
    wanted.value = isDone;
    await attempt(ask('checklists.tick', { peer, message: id, task: task.id, isDone }));
    wanted.value = undefined;
  };
  return (
    <li>
      <label class="task">
        <input type="checkbox" checked={wanted.value ?? doneBy !== undefined} disabled={!mayTick || wanted.value !== undefined} onChange={({ currentTarget }) => void tick(currentTarget.checked)} />
        <span dir="auto">
          <FormattedText text={text} entities={entities} />
        </span>
      </label>
      {doneBy !== undefined && <small class="card-detail">{t('checklistDoneBy', { name: authorName(doneBy) })}</small>}
    </li>
  );
};

/** A list of what is to be done, in which one ticks what is. */
export const ChecklistCard: FunctionComponent<{ message: Message; list: Checklist }> = ({ message, list }) => {
  const { title, entities, tasks } = list;
  const may = allowedOnList(message, list);
  return (
    <div class="checklist" role="group" aria-label={title}>
      <strong dir="auto">
        <FormattedText text={title} entities={entities} />
      </strong>
      <ul>
        {tasks.map((task) => (
          <TaskLine key={task.id} message={message} task={task} mayTick={may.tick} />
        ))}
      </ul>
      <span class="card-detail">{t('checklistDone', { n: tasks.filter(({ doneBy }) => doneBy !== undefined).length, all: tasks.length })}</span>
      {may.add && <AddTasks message={message} list={list} />}
    </div>
  );
};
