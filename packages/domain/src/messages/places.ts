import { isMarkedChat, type OtherHomes, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { type ChatAction, type ChatMemberRow, type ChatRow, checkRight, findChatMembers, findChatRows, listMemberIds, listMemberIdsSince, standingIn } from '../chats/index.ts';
import type { DialogPlace } from '../dialogs/index.ts';
import type { BoxWriter, OpenBoxes, SubjectDeps } from '../events/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import { type Barrier, findBarrier, readingIn } from './find-barrier.ts';

/** A dialog in the box of one of the people in it. Each of them has a copy of each message there. */
export interface Place extends DialogPlace {
  /** The owner is the one who acts: sends, edits, pins … */
  isOwn: boolean;
}

/**
 * The places of a private chat, the actor's own first. Saved Messages and the chats of service accounts have only that one. Pure.
 * @param peerId marked; the dialog as the actor has it
 * @param isOneSided only the actor's own box is changed
 */
export function placesOf(actorId: bigint, peerId: bigint, isOneSided = false): Place[] {
  const own = { ownerId: actorId, peerId, isOwn: true };
  const other = isOneSided ? undefined : otherBoxOf(actorId, peerId);
  return other === undefined ? [own] : [own, { ownerId: other, peerId: actorId, isOwn: false }];
}

/** The places of a basic group, the actor's own first. Pure. */
export function placesInChat(actorId: bigint, peerId: bigint, memberIds: readonly bigint[]): Place[] {
  const others = memberIds.filter((ownerId) => ownerId !== actorId).map((ownerId) => ({ ownerId, peerId, isOwn: false }));
  return [{ ownerId: actorId, peerId, isOwn: true }, ...others];
}

/** The owners of all places but the actor's. */
export function othersOf(places: readonly Place[]): bigint[] {
  return places.filter((place) => !place.isOwn).map((place) => place.ownerId);
}

/**
 * The places of a dialog as they are now, the actor's own first. Those of a basic group cannot change while its counter is locked.
 * @param tx reads the members of basic groups
 * @param sentSince unix seconds; also the places of those who have left a basic group since then
 */
export async function findPlaces(tx: Tx, actorId: bigint, peerId: bigint, sentSince?: number): Promise<Place[]> {
  if (!isMarkedChat(peerId)) return placesOf(actorId, peerId);
  const chatId = chatIdOf(peerId);
  return placesInChat(actorId, peerId, sentSince === undefined ? await listMemberIds(tx, chatId) : await listMemberIdsSince(tx, chatId, sentSince));
}

/** The counters to lock for a change in all places of a dialog. For a basic group its own counter is locked too, because every change of its members locks it. */
export function ownersOfPlaces(peerId: bigint, places: readonly Place[]): bigint[] {
  const owners = places.map((place) => place.ownerId);
  return isMarkedChat(peerId) ? [peerId, ...owners] : owners;
}

/** The other person of a private chat, who lives in another data centre. */
export interface PersonElsewhere {
  dc: number;
  userId: bigint;
}

/** The other data centres, as far as it takes to know whether one of them can be told something. */
type ToldHomes = Pick<OtherHomes, 'dcOf' | 'isFull' | 'others'>;

/**
 * Checks that another data centre can be told something.
 * @throws RpcError 500 INTERDC_X_CALL_ERROR if too much waits for it, PEER_ID_INVALID if it was removed from the community
 */
export function checkTellable(homes: Pick<ToldHomes, 'isFull' | 'others'>, dc: number): void {
  if (!homes.others.includes(dc)) throw rpcError('PEER_ID_INVALID');
  if (homes.isFull(dc)) throw rpcError('INTERDC_%d_CALL_ERROR', dc);
}

/**
 * The other person of a private chat, if they live elsewhere.
 * @param peerId marked; the dialog as the actor has it
 * @throws RpcError as {@link checkTellable}
 */
export function findElsewhere(homes: ToldHomes | undefined, peerId: bigint): PersonElsewhere | undefined {
  const dc = homes?.dcOf(peerId);
  if (dc === undefined) return undefined;
  checkTellable(homes!, dc);
  return { dc, userId: peerId };
}

/** The places of a dialog, with all their boxes open. */
export interface OpenDialog extends OpenBoxes {
  places: readonly Place[];
  /** The other person, if they live elsewhere and may learn of the change: it is told to their data centre. */
  elsewhere?: PersonElsewhere | undefined;
}

/** The person who acts, and the dialog in which they act. */
export interface Acting {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
  /** Only the actor's own box is changed. */
  oneSide?: boolean;
}

/** A kind of change in a dialog. */
export interface DialogChange {
  /** Name of the transaction. */
  name: string;
  /** Its name in a basic group, where the change is possible there. */
  nameInGroup?: string;
  /** What the actor does, where it needs a right in a basic group. */
  action?: ChatAction;
  /**
   * What becomes of the other person of a private chat who lives elsewhere: they are told by an effect ({@link OpenDialog.elsewhere}), or only the actor's own
   * box changes. Absent: the change is not possible with them. The dispatcher refuses its methods, and opening the boxes throws.
   */
  elsewhere?: 'told' | 'left out';
  /** The errors of a block in a private chat that refuse the change. With other blocks only the actor's own box is changed. */
  refusals?: readonly ('YOU_BLOCKED_USER' | 'USER_IS_BLOCKED')[];
  /**
   * Unix seconds. The server completes a message that was sent since then: everybody who has a copy gets it complete, even if they have left the
   * group or one of the two users has blocked the other meanwhile.
   */
  sentSince?: number;
}

/** What {@link writeDialog} needs. */
export type DialogDeps = Pick<BoxWriter, 'writeBoxes' | 'writeFoundBoxes'> & Pick<SubjectDeps, 'homes'>;

/**
 * Runs a transaction that changes something in every place of a dialog. If one of the two users of a private chat has blocked the other,
 * the change is refused or stays in the actor's own box. Deletions and read marks do not come here: they add nothing to the other box.
 * @throws RpcError as {@link checkChatRight} and {@link findElsewhere}, those that the change names as refusals, and PEER_ID_INVALID if it is not possible with somebody
 * who lives elsewhere
 */
export async function writeDialog<T>(
  deps: DialogDeps,
  { name, nameInGroup = name, action, refusals = [], sentSince, elsewhere }: DialogChange,
  { ownerId, peerId, oneSide = false }: Acting,
  change: (dialog: OpenDialog) => Promise<T>,
): Promise<T> {
  if (oneSide || !isMarkedChat(peerId)) {
    const wanted = placesOf(ownerId, peerId, oneSide || (elsewhere === 'left out' && deps.homes?.dcOf(peerId) !== undefined));
    const away = elsewhere === 'told' && wanted.length > 1 ? findElsewhere(deps.homes, peerId) : undefined;
    if (away !== undefined) {
      return deps.writeBoxes(name, [ownerId], async (tx, boxes, date) => {
        // Whether the other one has blocked the actor is judged there: what is known of it here may be old.
        const { refusal } = await barrierIn(tx, wanted, refusals);
        return change({ tx, boxes, date, places: wanted.slice(0, 1), elsewhere: refusal === undefined ? away : undefined });
      });
    }
    return deps.writeBoxes(name, wanted.map((place) => place.ownerId), async (tx, boxes, date) =>
      change({ tx, boxes, date, places: sentSince === undefined ? await withoutBlocked(tx, wanted, refusals) : wanted }));
  }
  const owners = { find: (tx: Tx) => findPlaces(tx, ownerId, peerId, sentSince), ownersOf: (places: readonly Place[]) => ownersOfPlaces(peerId, places) };
  return deps.writeFoundBoxes(nameInGroup, owners, async (tx, boxes, date, places) => {
    if (action !== undefined) await checkChatRight(tx, { ownerId, peerId }, action, date);
    return change({ tx, boxes, date, places });
  });
}

/**
 * Leaves out the other place of a private chat if one of the two users has blocked the other. The boxes of all places must be locked.
 * @throws RpcError as {@link barrierIn}
 */
async function withoutBlocked(tx: Tx, places: readonly Place[], refusals: readonly string[]): Promise<readonly Place[]> {
  const { refusal, withheld } = await barrierIn(tx, places, refusals);
  return refusal !== undefined || withheld === true ? places.slice(0, 1) : places;
}

/**
 * What is between the two people of a private chat, under the lock of the actor's box.
 * @throws RpcError if the block has one of these errors
 */
async function barrierIn(tx: Tx, [own, other]: readonly Place[], refusals: readonly string[]): Promise<Barrier> {
  if (own === undefined || other === undefined) return {};
  const barrier = await findBarrier(readingIn(tx), own.ownerId, other.ownerId);
  if (barrier.refusal !== undefined && refusals.includes(barrier.refusal.text)) throw barrier.refusal;
  return barrier;
}

/**
 * Checks a right in a basic group under the lock of its counter.
 * @throws RpcError CHAT_WRITE_FORBIDDEN (no member), CHAT_ADMIN_REQUIRED and the other errors of the rights
 */
export async function checkChatRight(tx: Tx, acting: Acting, action: ChatAction, nowDate: number): Promise<void> {
  const { chat, member } = await findInChat(tx, acting);
  checkRight(standingIn(chat, member, nowDate), action);
}

/** Finds a basic group, and the actor's place in it. @throws RpcError 400 CHAT_ID_INVALID */
export async function findInChat(tx: Tx, { ownerId, peerId }: Acting): Promise<{ chat: ChatRow; member: ChatMemberRow | undefined }> {
  const chatId = chatIdOf(peerId);
  const [[chat], [member]] = await Promise.all([findChatRows(tx, [chatId]), findChatMembers(tx, [{ id: chatId, userId: ownerId }])]);
  if (chat === undefined) throw rpcError('CHAT_ID_INVALID');
  return { chat, member };
}

/** The id of a basic group as TL has it. @throws RangeError for other peers */
export function chatIdOf(peerId: bigint): bigint {
  const peer = unmarkPeer(peerId);
  if (peer._ !== 'peerChat') throw new RangeError(`${peerId} is no basic group`);
  return peer.chat_id;
}
