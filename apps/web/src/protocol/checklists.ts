// What is said of checklists beside what their messages show.
import type { Checklist } from './models.ts';

/** A list that is to be made. */
export interface NewChecklist extends Pick<Checklist, 'title' | 'isOpenForTasks' | 'isOpenForTicks'> {
  tasks: string[];
}

/** Limits of the official apps and of this server. */
export const CHECKLIST_LIMITS = { tasks: 30, title: 255, task: 200 } as const;
