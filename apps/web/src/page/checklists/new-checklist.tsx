import type { FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Checklist, ChecklistEdit, ChecklistLimits, Message, MessageContext, NewChecklist, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { Switch } from '../parts/switch.tsx';
import { t } from '../ground/text.ts';

const isWritten = (text: string): boolean => text.trim() !== '';
const written = (tasks: readonly string[]): string[] => tasks.map((text) => text.trim()).filter(isWritten);

/** Fields for tasks: while there is room, the last one is empty. */
const TaskFields: FunctionComponent<{ tasks: Signal<string[]>; limits: ChecklistLimits }> = ({ tasks, limits }) => {
  const change = (at: number, text: string): void => {
    const changed = tasks.value.with(at, text);
    tasks.value = changed.length < limits.tasks && changed.every(isWritten) ? [...changed, ''] : changed;
  };
  return (
    <fieldset class="task-fields">
      <legend>{t('checklistTasks')}</legend>
      {tasks.value.map((text, at) => (
        <Field key={at} label={t('checklistTask', { n: at + 1 })} maxLength={limits.task} value={text} onInput={(value) => change(at, value)} />
      ))}
    </fieldset>
  );
};

interface ListDialogProps {
  title: string;
  button: string;
  limits: ChecklistLimits;
  /** What is there already. */
  before?: Checklist;
  /** Does what the person wants. @throws RefusedError: the dialog says why, and stays */
  save(list: NewChecklist): Promise<void>;
  close(isDone?: true): void;
}

/** The fields of a list: those of the tasks that it has come first, in their order, also when they were emptied. */
const ListDialog: FunctionComponent<ListDialogProps> = ({ title: name, button, limits, before, save, close }) => {
  const known = before?.tasks.map(({ text }) => text) ?? [];
  const title = useSignal(before?.title ?? '');
  const tasks = useSignal(known.length < limits.tasks ? [...known, ''] : known);
  const isOpenForTicks = useSignal(before?.isOpenForTicks ?? true);
  const isOpenForTasks = useSignal(before?.isOpenForTasks ?? true);
  const submit = async (): Promise<void> => {
    await save({
      title: title.value.trim(),
      tasks: [...tasks.value.slice(0, known.length).map((text) => text.trim()), ...written(tasks.value.slice(known.length))],
      isOpenForTicks: isOpenForTicks.value,
      isOpenForTasks: isOpenForTasks.value,
    });
    close(true);
  };
  return (
    <Dialog title={name} onClose={() => close()}>
      <Form submit={submit} button={button} isComplete={isWritten(title.value) && tasks.value.some(isWritten)}>
        <Field label={t('checklistTitle')} maxLength={limits.title} value={title.value} onInput={(value) => (title.value = value)} />
        <TaskFields tasks={tasks} limits={limits} />
        {before && <p class="hint">{t('checklistEmptied')}</p>}
        <Switch text={t('checklistOthersTick')} isOn={isOpenForTicks.value} onChange={(isOn) => (isOpenForTicks.value = isOn)} />
        <Switch text={t('checklistOthersAdd')} isOn={isOpenForTasks.value} onChange={(isOn) => (isOpenForTasks.value = isOn)} />
      </Form>
    </Dialog>
  );
};

/** Asks what the server lets lists have, and for what the person wants in one. @returns whether it was done */
async function askForList(props: Omit<ListDialogProps, 'limits' | 'close'>): Promise<boolean> {
  const asked = ask('checklists.limits', undefined);
  if (!(await attempt(asked))) return false;
  const limits = await asked;
  return (await openDialog<true>((close) => <ListDialog {...props} limits={limits} close={close} />)) === true;
}

/**
 * Lets the person make a list, and sends it.
 * @param context what it answers, and where it stands
 * @returns whether it is on its way
 */
export function offerChecklist(peer: PeerId, context: MessageContext = {}): Promise<boolean> {
  return askForList({ title: t('newChecklist'), button: t('send'), save: (list) => ask('checklists.send', { peer, ...context, list }) });
}

/** What a person has changed in a list. Pure. @param wanted whose first tasks are those of the list, an empty one if it was deleted */
export function changesOf(before: Checklist, { tasks, ...others }: NewChecklist): ChecklistEdit {
  const changed = before.tasks.flatMap(({ id, text }, at) => (tasks[at] === text ? [] : [{ id, text: tasks[at]! }]));
  return { ...others, changed, added: tasks.slice(before.tasks.length) };
}

/** Lets the person change the list of a message. What others add to it meanwhile stays. */
export async function editChecklist({ peer, id, media }: Message): Promise<void> {
  if (media?.kind !== 'checklist') return;
  const { list: before } = media;
  await askForList({ title: t('editChecklist'), button: t('save'), before, save: (list) => ask('checklists.edit', { peer, message: id, edit: changesOf(before, list) }) });
}

const AddTasksDialog: FunctionComponent<{ message: Message; limits: ChecklistLimits; close(): void }> = ({ message: { peer, id }, limits, close }) => {
  const tasks = useSignal(['']);
  const add = async (): Promise<void> => {
    await ask('checklists.addTasks', { peer, message: id, tasks: written(tasks.value) });
    close();
  };
  return (
    <Dialog title={t('addTasks')} onClose={close}>
      <Form submit={add} button={t('add')} isComplete={tasks.value.some(isWritten)}>
        <TaskFields tasks={tasks} limits={limits} />
      </Form>
    </Dialog>
  );
};

/** Leads to fields for more tasks of a list that has room for them. */
export const AddTasks: FunctionComponent<{ message: Message; list: Checklist }> = ({ message, list: { tasks } }) => {
  const known = useSignal<ChecklistLimits | undefined>(undefined);
  useEffect(() => void ask('checklists.limits', undefined).then((limits) => (known.value = limits), () => undefined), []);
  const limits = known.value && { ...known.value, tasks: known.value.tasks - tasks.length };
  if (!limits || limits.tasks <= 0) return null;
  return (
    <button class="link" type="button" onClick={() => void openDialog((close) => <AddTasksDialog message={message} limits={limits} close={() => close()} />)}>
      {t('addTasks')}
    </button>
  );
};
