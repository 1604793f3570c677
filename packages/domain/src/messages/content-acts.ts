import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ChatAction } from '../chats/index.ts';
import { applyListChange, checkListChange, type ListChange, listIn } from '../checklists/index.ts';
import { hasFlag, MessageFlag, type MessageRow, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import type { AnswerChange, Polls } from '../polls/index.ts';
import { actionsOfFile } from './send-action.ts';

/** What somebody does with the content of a message that others have, too, and that the chat is told of: changes the answers of a poll, or ticks and adds tasks of a checklist. */
export type ContentAct = { of: 'answers'; change: AnswerChange } | { of: 'tasks'; change: ListChange };

/** The message on which somebody acts: a copy in a box, or a post. */
type Message = Pick<MessageRow, 'extra' | 'flags'>;

/** Who acts. */
export interface ContentActor {
  actorId: bigint;
  /** In whose name, by marked id: the group, for anonymous admins. */
  authorId: bigint;
  /** Whether the message is the actor's own. */
  isOwn: boolean;
  /** The marked id of the chat. */
  placeId: bigint;
  /** Unix seconds. */
  nowDate: number;
}

/** What an act has done. */
export interface ActDone {
  /** What the service message about it says. */
  action: tl.MessageAction;
  /** The media of the message from then on; undefined if what changed is not kept in the message. */
  media?: tl.MessageMedia;
}

/** What {@link ActKind.do} needs. */
export interface ActDeps {
  polls: Pick<Polls, 'changeAnswersIn'>;
}

/** A kind of act. */
interface ActKind<Change> {
  /** The names of its transactions: in a private chat, and in a basic group. */
  names: { name: string; nameInGroup: string };
  /** The rights that it needs, besides that to write. */
  rights(change: Change): ChatAction[];
  /** Whether it counts as writing where slow mode is on. */
  isSlow(change: Change): boolean;
  /** Whether people act on their own messages in the name in which they wrote them: nobody learns by it who that was. */
  keepsName: boolean;
  /** Whether it is said also where nobody else would get the service message. */
  isSaidAlone: boolean;
  /** Throws if the act is not possible, or not for this actor. Pure. */
  check(message: Message, change: Change, actor: Pick<ContentActor, 'isOwn'>): void;
  /** @returns undefined for a repeat */
  do(tx: Tx, deps: ActDeps, acting: { message: Message; change: Change; actor: ContentActor }): Promise<ActDone | undefined>;
  /** The media of another copy of the message from then on; undefined if it stays as it is. Each copy is changed as it is: copies differ after a block. Pure. */
  doInCopy(copy: Message, change: Change, actor: ContentActor): tl.MessageMedia | undefined;
}

const applyToList = (message: Message, change: ListChange, { authorId, nowDate }: ContentActor): ReturnType<typeof applyListChange> => {
  const list = listIn(message);
  return list && applyListChange(list, change, { peer: unmarkPeer(authorId), nowDate });
};

const ACTS: { readonly [Of in ContentAct['of']]: ActKind<Extract<ContentAct, { of: Of }>['change']> } = {
  answers: {
    names: { name: 'change-group-poll', nameInGroup: 'change-group-poll' },
    rights: (change) => (change.kind === 'add' ? actionsOfFile(change.media) : []),
    isSlow: (change) => change.kind === 'add',
    keepsName: false,
    isSaidAlone: true,
    check(message) {
      if (hasFlag(message, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
    },
    async do(tx, { polls }, { message, change, actor }) {
      const action = await polls.changeAnswersIn(tx, message, { ...actor, change });
      return action && { action };
    },
    // The poll keeps its answers.
    doInCopy: () => undefined,
  },
  tasks: {
    names: { name: 'change-checklist', nameInGroup: 'change-group-checklist' },
    rights: () => [],
    isSlow: (change) => change.kind === 'append',
    keepsName: true,
    isSaidAlone: false,
    check(message, change, actor) {
      checkListChange(message, change, actor);
    },
    do: (_tx, _deps, { message, change, actor }) => Promise.resolve(applyToList(message, change, actor)),
    doInCopy: (copy, change, actor) => applyToList(copy, change, actor)?.media,
  },
};

/** The kind of an act. Pure. */
export const actKindOf = (act: ContentAct): ActKind<ContentAct['change']> => ACTS[act.of];

/** A message whose media show something new, although nobody has edited what it says: clients do not show it as "edited" unless they did before. Pure. */
export function withShown<R extends MessageRow>(row: R, media: tl.MessageMedia, date: number): R {
  const flags = row.edit_date === null ? row.flags | MessageFlag.editHide : row.flags;
  return { ...row, flags, extra: packMessageExtra({ ...unpackMessageExtra(row.extra), media }), edit_date: date };
}
