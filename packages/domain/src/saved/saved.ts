import { rpcError } from '@aerogram/errors';
import { pageSize } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { projectSavedOrder, projectSavedPinned } from '../dialogs/index.ts';
import { keyOfReaction, wantedReactions } from '../documents/index.ts';
import type { Origin } from '../events/index.ts';
import { dropEmptySavedPins, findSavedPeers, listSavedPins, listTags, type MessagingDeps, saveSavedPins, type SavedTag, saveTagTitle } from '../messages/index.ts';
import { cleanLine } from '../peers/index.ts';
import { countSaved, listSavedDialogs, type SavedDialogRow } from './saved-store.ts';

/** Maximum number of pinned dialogs; sent to clients in help.getAppConfig (`saved_dialogs_pinned_limit_default`). */
const PINNED_MAX = 5;

const LIMIT_MAX = 100;
/** Maximum length of a tag's name in characters, as in clients. */
const TITLE_MAX = 12;

/** A page of the dialogs of Saved Messages. The offset is the top message of the previous page's last dialog. */
export interface SavedPage {
  ownerId: bigint;
  excludePinned: boolean;
  offsetId: number;
  limit: number;
}

/** A dialog of Saved Messages in the list. */
export interface SavedDialog extends SavedDialogRow {
  pinned: boolean;
}

/** Saved Messages, grouped into dialogs by the peer that messages were saved from. */
export interface Saved {
  /** Lists a page of the dialogs, with their total number: pinned dialogs first, the others by their newest message. */
  list(page: SavedPage): Promise<{ dialogs: SavedDialog[]; count: number }>;
  listPinned(ownerId: bigint): Promise<SavedDialog[]>;
  /** Returns those of these dialogs that exist. */
  find(ownerId: bigint, peerIds: readonly bigint[]): Promise<SavedDialog[]>;
  countMessages(ownerId: bigint, savedPeerId: bigint): Promise<number>;
  /**
   * Pins or unpins a dialog.
   * @throws RpcError PINNED_DIALOGS_TOO_MUCH, PEER_HISTORY_EMPTY if nothing is saved from the peer
   */
  doPin(ownerId: bigint, peerId: bigint, pinned: boolean, origin: Origin | undefined): Promise<void>;
  /**
   * Sets the order of pinned dialogs. Without `force`, pinned dialogs that are not listed stay pinned below the others.
   * @throws RpcError as `doPin`
   */
  doReorderPinned(ownerId: bigint, peerIds: readonly bigint[], force: boolean, origin: Origin | undefined): Promise<void>;
  /**
   * Lists the tags in use, most used first.
   * @param savedPeerId counts only messages saved from this peer
   */
  listTags(ownerId: bigint, savedPeerId: bigint | undefined): Promise<SavedTag[]>;
  /**
   * Names a tag; an empty title removes the name.
   * @throws RpcError REACTION_INVALID, TITLE_INVALID
   */
  doNameTag(ownerId: bigint, tag: tl.Reaction, title: string, origin: Origin | undefined): Promise<void>;
}

/** Creates the operations on Saved Messages. */
export function createSaved({ db, writeBoxes }: Pick<MessagingDeps, 'db' | 'writeBoxes'>): Saved {
  const listAll = async (ownerId: bigint): Promise<{ pinned: SavedDialog[]; others: SavedDialog[] }> => {
    const [rows, pins] = await Promise.all([listSavedDialogs(db.q, ownerId), listSavedPins(db.q, ownerId)]);
    const byPeer = new Map(rows.map((row) => [row.peerId, row]));
    const pinned = pins.flatMap((peerId) => byPeer.get(peerId) ?? []).map((row) => ({ ...row, pinned: true }));
    const others = rows.filter((row) => !pins.includes(row.peerId)).map((row) => ({ ...row, pinned: false }));
    return { pinned, others };
  };

  /** Locks the owner's box, replaces the pins with the result of `change`, and logs the updates. */
  const writePins = (
    ownerId: bigint,
    origin: Origin | undefined,
    change: (before: readonly bigint[]) => bigint[],
    make: (after: readonly bigint[]) => readonly tl.Update[],
  ): Promise<void> =>
    writeBoxes('pin-saved-dialogs', [ownerId], async (tx, boxes, date) => {
      await dropEmptySavedPins(tx, ownerId);
      const before = await listSavedPins(tx.q, ownerId);
      const after = change(before);
      const added = after.filter((id) => !before.includes(id));
      if ((await findSavedPeers(tx.q, ownerId, added)).size < added.length) throw rpcError('PEER_HISTORY_EMPTY');
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
      return { dialogs: rest.slice(0, pageSize(limit, LIMIT_MAX)), count: shown.length + others.length };
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
      const [wanted] = wantedReactions([tag]);
      const key = keyOfReaction(wanted!);
      const name = cleanLine(title);
      if (name.length > TITLE_MAX) throw rpcError('TITLE_INVALID');
      await writeBoxes('name-tag', [ownerId], async (tx, boxes, date) => {
        if (await saveTagTitle(tx, ownerId, key, name)) boxes.addLoose(ownerId, date, origin, [{ _: 'updateSavedReactionTags' }]);
      });
    },
  };
}
