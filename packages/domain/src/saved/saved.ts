import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { projectSavedOrder, projectSavedPinned } from '../dialogs/index.ts';
import type { Origin } from '../events/index.ts';
import { listTags, type MessagingDeps, type SavedTag, saveTagTitle } from '../messages/index.ts';
import { cleanLine } from '../peers/index.ts';
import { accessReaction } from '../reactions/index.ts';
import { countSaved, listSavedDialogs, listSavedPins, type SavedDialogRow, saveSavedPins } from './saved-store.ts';

/** In the app config `saved_dialogs_pinned_limit_default`. */
const PINNED_MAX = 5;
const LIMIT_MAX = 100;
/** Characters in the name of a tag, as clients let one write. */
const TITLE_MAX = 12;

/** A page of the list of saved dialogs; the offset is the top message of the last one before. */
export interface SavedPage {
  ownerId: bigint;
  excludePinned: boolean;
  offsetId: number;
  limit: number;
}

/** A saved dialog in the list. */
export interface SavedDialog extends SavedDialogRow {
  pinned: boolean;
}

/** Saved Messages, sorted by where they came from. */
export interface Saved {
  /** A page and how many there are in all: pinned ones first, the others by their newest message. */
  list(page: SavedPage): Promise<{ dialogs: SavedDialog[]; count: number }>;
  listPinned(ownerId: bigint): Promise<SavedDialog[]>;
  /** Those of these peers that there are. */
  find(ownerId: bigint, peerIds: readonly bigint[]): Promise<SavedDialog[]>;
  countMessages(ownerId: bigint, savedPeerId: bigint): Promise<number>;
  /** @throws RpcError PINNED_DIALOGS_TOO_MUCH */
  doPin(ownerId: bigint, peerId: bigint, pinned: boolean, origin: Origin | undefined): Promise<void>;
  /** Without `force` those that are not named stay pinned, below. @throws RpcError PINNED_DIALOGS_TOO_MUCH */
  doReorderPinned(ownerId: bigint, peerIds: readonly bigint[], force: boolean, origin: Origin | undefined): Promise<void>;
  /** The tags that are in use, the most used first; with a peer, on what came from there. */
  listTags(ownerId: bigint, savedPeerId: bigint | undefined): Promise<SavedTag[]>;
  /** Names a tag; an empty title takes the name away. @throws RpcError REACTION_INVALID, TITLE_INVALID */
  doNameTag(ownerId: bigint, tag: tl.Reaction, title: string, origin: Origin | undefined): Promise<void>;
}

/** Makes the subject of saved dialogs. */
export function createSaved({ db, writeBoxes }: Pick<MessagingDeps, 'db' | 'writeBoxes'>): Saved {
  const listAll = async (ownerId: bigint): Promise<{ pinned: SavedDialog[]; others: SavedDialog[] }> => {
    const [rows, pins] = await Promise.all([listSavedDialogs(db.q, ownerId), listSavedPins(db.q, ownerId)]);
    const byPeer = new Map(rows.map((row) => [row.peerId, row]));
    const pinned = pins.flatMap((peerId) => byPeer.get(peerId) ?? []).map((row) => ({ ...row, pinned: true }));
    const others = rows.filter((row) => !pins.includes(row.peerId)).map((row) => ({ ...row, pinned: false }));
    return { pinned, others };
  };

  /** Locks the owner's box, changes the pins to what `change` makes of them, and logs the updates. */
  const writePins = (
    ownerId: bigint,
    origin: Origin | undefined,
    change: (before: readonly bigint[]) => bigint[],
    make: (after: readonly bigint[]) => readonly tl.Update[],
  ): Promise<void> =>
    writeBoxes('pin-saved-dialogs', [ownerId], async (tx, boxes, date) => {
      const before = await listSavedPins(tx.q, ownerId);
      const after = change(before);
      if (after.length > PINNED_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
      if (after.length === before.length && after.every((id, index) => id === before[index])) return;
      await saveSavedPins(tx, ownerId, after);
      boxes.addLoose(ownerId, date, origin, make(after));
    });

  return {
    async list({ ownerId, excludePinned, offsetId, limit }) {
      const { pinned, others } = await listAll(ownerId);
      const shown = excludePinned ? [] : pinned;
      const rest = offsetId > 0 ? others.filter((row) => row.topMsgId < offsetId) : [...shown, ...others];
      return { dialogs: rest.slice(0, Math.min(Math.max(limit, 0), LIMIT_MAX)), count: shown.length + others.length };
    },
    listPinned: async (ownerId) => (await listAll(ownerId)).pinned,
    async find(ownerId, peerIds) {
      const { pinned, others } = await listAll(ownerId);
      return [...pinned, ...others].filter((row) => peerIds.includes(row.peerId));
    },
    countMessages: (ownerId, savedPeerId) => countSaved(db.q, ownerId, savedPeerId),
    doPin: (ownerId, peerId, pinned, origin) =>
      writePins(
        ownerId,
        origin,
        (before) => {
          if (before.includes(peerId) === pinned) return [...before];
          return pinned ? [peerId, ...before] : before.filter((id) => id !== peerId);
        },
        (after) => projectSavedPinned(peerId, pinned, after),
      ),
    doReorderPinned: (ownerId, peerIds, force, origin) =>
      writePins(
        ownerId,
        origin,
        (before) => {
          const named = [...new Set(peerIds)];
          return force ? named : [...named, ...before.filter((id) => !named.includes(id))];
        },
        (after) => [projectSavedOrder(after)],
      ),
    listTags: (ownerId, savedPeerId) => listTags(db.q, ownerId, savedPeerId),
    async doNameTag(ownerId, tag, title, origin) {
      const { emoticon } = accessReaction(tag);
      const name = cleanLine(title);
      if (name.length > TITLE_MAX) throw rpcError('TITLE_INVALID');
      await writeBoxes('name-tag', [ownerId], async (tx, boxes, date) => {
        if (await saveTagTitle(tx, ownerId, emoticon, name)) boxes.addLoose(ownerId, date, origin, [{ _: 'updateSavedReactionTags' }]);
      });
    },
  };
}
