import type { PeerId, TextEntity, UnixTime } from './models.ts';

/** Something to do in a list. */
export interface Task {
  id: number;
  text: string;
  entities?: TextEntity[];
  /** Who has done it; undefined if nobody has. */
  doneBy?: PeerId;
  doneAt?: UnixTime;
}

/** What is to be done, in a message. */
export interface Checklist {
  title: string;
  entities?: TextEntity[];
  tasks: Task[];
  /** Others than the author may add tasks. */
  isOpenForTasks: boolean;
  /** Others than the author may say what is done. */
  isOpenForTicks: boolean;
}

/** A list that is to be made. */
export interface NewChecklist extends Pick<Checklist, 'title' | 'isOpenForTasks' | 'isOpenForTicks'> {
  tasks: string[];
}

/** Limits of the official apps and of this server. */
export const CHECKLIST_LIMITS = { tasks: 30, title: 255, task: 200 } as const;
