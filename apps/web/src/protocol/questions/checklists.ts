import type { ChecklistEdit, ChecklistLimits, NewChecklist } from '../checklists.ts';
import type { MessageId, PeerId } from '../models.ts';
import type { OutgoingMessage } from './messages.ts';

/** Lists of what is to be done. */
export interface ChecklistQuestions {
  'checklists.limits': { say: void; get: ChecklistLimits };
  'checklists.send': { say: { list: NewChecklist } & Pick<OutgoingMessage, 'peer' | 'replyTo' | 'replyIn' | 'quote' | 'thread' | 'isSilent'>; get: void };
  /** Says whether a task is done. */
  'checklists.tick': { say: { peer: PeerId; message: MessageId; task: number; isDone: boolean }; get: void };
  'checklists.addTasks': { say: { peer: PeerId; message: MessageId; tasks: string[] }; get: void };
  'checklists.edit': { say: { peer: PeerId; message: MessageId; edit: ChecklistEdit }; get: void };
}
