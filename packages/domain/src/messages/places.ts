import type { DialogPlace } from '../dialogs/index.ts';
import type { BoxWriter, OpenBoxes } from '../events/index.ts';
import { otherBoxOf } from '../peers/index.ts';

/** A dialog in the box of one of the people in it. Each of them has a copy of each message there. */
export interface Place extends DialogPlace {
  /** The owner is the one who acts: sends, edits, pins … */
  isOwn: boolean;
}

/**
 * The places of a dialog, the actor's own first. Saved Messages and the chats of service accounts have only that one. Pure.
 * @param peerId marked; the dialog as the actor has it
 * @param isOneSided what the actor does stays in the actor's own box
 */
export function placesOf(actorId: bigint, peerId: bigint, isOneSided = false): Place[] {
  const own = { ownerId: actorId, peerId, isOwn: true };
  const other = isOneSided ? undefined : otherBoxOf(actorId, peerId);
  return other === undefined ? [own] : [own, { ownerId: other, peerId: actorId, isOwn: false }];
}

/** The owners of all places but the actor's. */
export function othersOf(places: readonly Place[]): bigint[] {
  return places.filter((place) => !place.isOwn).map((place) => place.ownerId);
}

/** The places of a dialog, with all their boxes open. */
export interface OpenDialog extends OpenBoxes {
  places: readonly Place[];
}

/** Who acts in which dialog. */
export interface Acting {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
  /** Only the actor's own box is changed. */
  oneSide?: boolean;
}

/**
 * Runs a transaction that changes something in every place of a dialog.
 */
export function writeDialog<T>(
  deps: Pick<BoxWriter, 'writeBoxes'>,
  name: string,
  { ownerId, peerId, oneSide = false }: Acting,
  change: (dialog: OpenDialog) => Promise<T>,
): Promise<T> {
  const places = placesOf(ownerId, peerId, oneSide);
  return deps.writeBoxes(name, places.map((place) => place.ownerId), (tx, boxes, date) => change({ tx, boxes, date, places }));
}
