// What admins and members did in a supergroup or channel, as pages see it.
import type { AdminRight } from './keyboards.ts';
import type { MemberRight } from './manage.ts';
import type { PeerId, Snippet, UnixTime } from './models.ts';

/** An action that the log of a group or channel has. `other`: one that this client has no words for. */
export type LogWhat =
  | 'title' | 'about' | 'username' | 'rank' | 'photo' | 'photoRemoved' | 'signatures' | 'history' | 'protect' | 'forum' | 'linked' | 'unlinked' | 'rights' | 'slowMode' | 'lifetime' | 'reactions'
  | 'join' | 'leave' | 'joinByLink' | 'joinByRequest' | 'invite' | 'remove' | 'letBack' | 'restrict' | 'promote' | 'adminRights' | 'dismiss'
  | 'pin' | 'unpin' | 'edit' | 'delete' | 'stopPoll' | 'linkEdit' | 'linkRevoke' | 'linkDelete' | 'topicCreate' | 'topicEdit' | 'topicDelete' | 'topicPin' | 'topicUnpin' | 'other';

/** An event of the log. What it is about depends on what was done. */
export interface LogEvent {
  id: string;
  date: UnixTime;
  by: PeerId;
  what: LogWhat;
  /** To whom it was done, or who approved it. */
  user?: PeerId;
  /** The text, title or name that there was, and that there is. */
  before?: string;
  after?: string;
  /** Of a switch. */
  isOn?: boolean;
  seconds?: number;
  /** What was forbidden and allowed to members, or to one. */
  forbidden?: MemberRight[];
  allowed?: MemberRight[];
  /** Rights of an admin. */
  gained?: AdminRight[];
  lost?: AdminRight[];
  /** The message as it is, and as it was before it was edited; `isGone`: its content is not kept any more. */
  message?: LoggedMessage;
  messageBefore?: LoggedMessage;
}

export type LoggedMessage = Snippet & { isGone: boolean };

/** Kinds of events that can be chosen. */
export type LogKind = 'people' | 'restrictions' | 'admins' | 'info' | 'settings' | 'links' | 'pinned' | 'edited' | 'deleted' | 'topics';
