import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';

import { type BoxWriter, type MessageRow, type Origin, packMessageExtra } from '../events/index.ts';
import { addNotice } from './add-notice.ts';
import { type ActDeps, actKindOf, type ContentAct, withShown } from './content-acts.ts';
import { findCopies, findMessage } from './find-messages.ts';
import { updateMessages } from './message-store.ts';
import { checkChatRight, othersOf, writeDialog } from './places.ts';

/** An act on the content of a message in a private chat or basic group. */
export interface ContentActInput {
  ownerId: bigint;
  /** Marked peer of the dialog. */
  peerId: bigint;
  msgId: number;
  act: ContentAct;
  origin: Origin | undefined;
}

/** What an act did in the actor's box. */
export interface ContentActOutcome {
  /** The message as it is now, and the pts of its event; undefined if what changed is not kept in the message. */
  edited: { row: MessageRow; pts: number } | undefined;
  /** The service message about it; undefined where nobody else gets one: in Saved Messages, and if one of two people blocked the other. */
  notice: MessageRow | undefined;
}

type OutcomeDeps = Pick<BoxWriter, 'writeBoxes' | 'writeFoundBoxes'> & ActDeps & { random: Random };

/**
 * Acts on the content of a message, in every copy of it, and says so in the chat. A repeat changes nothing.
 * @returns undefined for a repeat
 * @throws RpcError 400 MESSAGE_ID_INVALID, the errors of the rights, and as `Polls.changeAnswersIn` and `checkListChange`
 */
export function doActOnContent(deps: OutcomeDeps, input: ContentActInput): Promise<ContentActOutcome | undefined> {
  const { ownerId, peerId, act, origin } = input;
  const kind = actKindOf(act);
  return writeDialog(deps, { ...kind.names, action: 'send_plain' }, input, async ({ tx, boxes, date, places }) => {
    for (const action of kind.rights(act.change)) await checkChatRight(tx, input, action, date);
    const own = await findMessage(tx.q, ownerId, input.msgId);
    if (own === undefined || own.peer_id !== peerId) throw rpcError('MESSAGE_ID_INVALID');
    const actor = { actorId: ownerId, authorId: ownerId, isOwn: own.from_id === ownerId, placeId: peerId, nowDate: date };
    kind.check(own, act.change, actor);
    const done = await kind.do(tx, deps, { message: own, change: act.change, actor });
    if (done === undefined) return undefined;
    const others = await findCopies(tx.q, othersOf(places), [own.global_id]);
    let edited: ContentActOutcome['edited'];
    if (done.media !== undefined) {
      const row = withShown(own, done.media, date);
      const changed = others.flatMap((copy) => {
        const media = kind.doInCopy(copy, act.change, actor);
        return media === undefined ? [] : [withShown(copy, media, date)];
      });
      await updateMessages(tx, [row, ...changed]);
      edited = { row, pts: boxes.addEdit(ownerId, row, date, origin) };
      for (const copy of changed) boxes.addEdit(copy.owner_id, copy, date, undefined);
    }
    if (places.length < 2 && !kind.isSaidAlone) return { edited, notice: undefined };
    const replyTo = new Map([own, ...others].map((copy) => [copy.owner_id, copy.msg_id]));
    const notice = await addNotice({ tx, boxes, date }, deps.random, { authorId: ownerId, places, extra: packMessageExtra({ action: done.action }), replyTo, expires: true, origin });
    return { edited, notice };
  });
}
