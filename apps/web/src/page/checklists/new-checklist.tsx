import type { FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import { type Checklist, CHECKLIST_LIMITS, type Message, type NewChecklist, type OutgoingMessage, type PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { Switch } from '../parts/switch.tsx';
import { t } from '../parts/text.ts';

const isWritten = (text: string): boolean => text.trim() !== '';
const written = (tasks: readonly string[]): string[] => tasks.map((text) => text.trim()).filter(isWritten);

/** Fields for tasks: while there is room, the last one is empty. */
const TaskFields: FunctionComponent<{ tasks: Signal<string[]>; most: number }> = ({ tasks, most }) => {
  const change = (at: number, text: string): void => {
    const changed = tasks.value.with(at, text);
    tasks.value = changed.length < most && changed.every(isWritten) ? [...changed, ''] : changed;
  };
  return (
    <fieldset class="task-fields">
      <legend>{t('checklistTasks')}</legend>
      {tasks.value.map((text, at) => (
        <Field key={at} label={t('checklistTask', { n: at + 1 })} maxLength={CHECKLIST_LIMITS.task} value={text} onInput={(value) => change(at, value)} />
      ))}
    </fieldset>
  );
};

const NewChecklistDialog: FunctionComponent<{ close(list?: NewChecklist): void }> = ({ close }) => {
  const title = useSignal('');
  const tasks = useSignal(['']);
  const isOpenForTicks = useSignal(true);
  const isOpenForTasks = useSignal(true);
  const send = async (): Promise<void> => close({ title: title.value.trim(), tasks: written(tasks.value), isOpenForTicks: isOpenForTicks.value, isOpenForTasks: isOpenForTasks.value });
  return (
    <Dialog title={t('newChecklist')} onClose={() => close()}>
      <Form submit={send} button={t('send')} isComplete={isWritten(title.value) && tasks.value.some(isWritten)}>
        <Field label={t('checklistTitle')} maxLength={CHECKLIST_LIMITS.title} value={title.value} onInput={(value) => (title.value = value)} />
        <TaskFields tasks={tasks} most={CHECKLIST_LIMITS.tasks} />
        <Switch text={t('checklistOthersTick')} isOn={isOpenForTicks.value} onChange={(isOn) => (isOpenForTicks.value = isOn)} />
        <Switch text={t('checklistOthersAdd')} isOn={isOpenForTasks.value} onChange={(isOn) => (isOpenForTasks.value = isOn)} />
      </Form>
    </Dialog>
  );
};

/**
 * Lets the person make a list, and sends it.
 * @param context what it answers, and where it stands
 * @returns whether it is on its way
 */
export async function offerChecklist(peer: PeerId, context: Pick<OutgoingMessage, 'replyTo' | 'quote' | 'thread' | 'isSilent'> = {}): Promise<boolean> {
  const list = await openDialog<NewChecklist>((close) => <NewChecklistDialog close={close} />);
  return list !== undefined && (await attempt(ask('checklists.send', { peer, ...context, list })));
}

const AddTasksDialog: FunctionComponent<{ message: Message; most: number; close(): void }> = ({ message: { peer, id }, most, close }) => {
  const tasks = useSignal(['']);
  const add = async (): Promise<void> => {
    await ask('checklists.addTasks', { peer, message: id, tasks: written(tasks.value) });
    close();
  };
  return (
    <Dialog title={t('addTasks')} onClose={close}>
      <Form submit={add} button={t('add')} isComplete={tasks.value.some(isWritten)}>
        <TaskFields tasks={tasks} most={most} />
      </Form>
    </Dialog>
  );
};

/** Lets the person add tasks to a list. */
export async function addTasks(message: Message, { tasks }: Checklist): Promise<void> {
  await openDialog((close) => <AddTasksDialog message={message} most={CHECKLIST_LIMITS.tasks - tasks.length} close={() => close()} />);
}
