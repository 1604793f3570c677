// What is said of checklists beside what their messages show.
import type { Checklist } from './models.ts';

/** A list that is to be made. */
export interface NewChecklist extends Pick<Checklist, 'title' | 'isOpenForTasks' | 'isOpenForTicks'> {
  tasks: string[];
}

/** What becomes of a list that was sent. */
export interface ChecklistEdit extends Pick<Checklist, 'title' | 'isOpenForTasks' | 'isOpenForTicks'> {
  /** Other texts for tasks; without a text, a task is taken out. Tasks that are not named stay as they are. */
  changed: { id: number; text: string }[];
  /** Tasks that are new. */
  added: string[];
}

/** What the server lets a list have: a number of tasks, and characters in its title and in a task. */
export interface ChecklistLimits {
  tasks: number;
  title: number;
  task: number;
}
