import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BoxWriter, type MessageRow, type Origin, packMessageExtra } from '../events/index.ts';
import { addNotice, type Place, placesOf } from '../messages/index.ts';
import { type CallEnd, projectReason } from './call-reason.ts';
import { type CallRow, stateOf } from './call-row.ts';
import { type CallOfTwo, lockCall, saveEnded } from './call-store.ts';
import type { CallTeller } from './call-teller.ts';

/** What ending a call needs. */
export interface EndDeps extends Pick<BoxWriter, 'writeBoxes'> {
  random: Random;
  teller: CallTeller;
  /** See `CALL_NOTICES`. */
  orderHush(tx: Tx, callee: CallRow): Promise<void>;
}

/** Who ends a call. */
export interface EndedBy {
  ownerId: bigint;
  /** The session that learns of the end by the answer to its call; undefined for the server itself. */
  origin: Origin | undefined;
  /** Decides how the call ends, under its lock; undefined if it does not end. @param own the row of who ends it */
  decide(own: CallRow, nowDate: number): CallEnd | undefined;
}

/** The side of who has ended a call, or of who came too late. */
export interface EndedCall {
  row: CallRow;
  /** The message about the call in the box of its owner; undefined if the call had ended before. */
  notice: MessageRow | undefined;
}

/**
 * Ends a call, with a message about it in the boxes of both. Whatever else would decide about the call waits meanwhile, so it ends once.
 * @returns undefined if there is no such call any more
 */
export function doEndCall(deps: EndDeps, call: CallOfTwo, { ownerId, origin, decide }: EndedBy): Promise<EndedCall | undefined> {
  return deps.writeBoxes('end-call', [call.owner_id, call.peer_id], async (tx, boxes, date) => {
    const sides = await lockCall(tx, call);
    const own = sides.find((side) => side.owner_id === ownerId);
    if (own === undefined) return undefined;
    const end = stateOf(own) === 'ended' ? undefined : decide(own, date);
    if (end === undefined) return { row: own, notice: undefined };
    const ended = await saveEnded(tx, call, end, date);
    const places = placesIn(own, ended);
    const action: tl.messageActionPhoneCall = {
      _: 'messageActionPhoneCall',
      video: own.video || undefined,
      call_id: own.call_id,
      reason: projectReason(end.reason),
      duration: end.duration ?? undefined,
    };
    const callerId = own.is_caller ? own.owner_id : own.peer_id;
    const notice = await addNotice({ tx, boxes, date }, deps.random, {
      authorId: callerId, places, extra: packMessageExtra({ action }), expires: true, origin, originOwnerId: ownerId, globalId: own.call_id,
    });
    const callee = ended.find((side) => !side.is_caller);
    if (callee !== undefined) await deps.orderHush(tx, callee);
    tx.afterCommit(() => {
      for (const side of ended) deps.teller.tell(side, side.owner_id === ownerId ? origin?.authKeyId : undefined);
    });
    return { row: ended.find((side) => side.owner_id === ownerId)!, notice };
  });
}

/** The places of the message, that of who ends the call first. The caller is its author. An account that was deleted meanwhile has none. */
function placesIn({ owner_id, peer_id, is_caller }: CallRow, sides: readonly CallRow[]): Place[] {
  const places = is_caller ? placesOf(owner_id, peer_id) : placesOf(peer_id, owner_id).toReversed();
  return places.filter(({ ownerId }) => sides.some((side) => side.owner_id === ownerId));
}
