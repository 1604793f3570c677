import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BotStops } from '../bot-events/index.ts';
import type { OpenBoxes, Origin, SubjectDeps } from '../events/index.ts';
import { SERVICE_CHAT_ID } from '../peers/index.ts';
import type { Relations } from '../relations/index.ts';
import { allDecided, definePort, publishAccountHint } from '../shared/index.ts';
import { type BlockList, deleteBlocks, insertBlocks } from './block-store.ts';
import { updateMutualOf } from './contact-store.ts';
import { tellBlocks } from './relation-effects.ts';

/** An entry in a list of blocked peers. */
export interface BlockedPeer {
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  date: number;
}

/** The two block lists of a user: peers blocked completely, and peers blocked from stories only. */
export interface Blocks {
  /**
   * Blocks or unblocks a user, or a channel that writes comments. Idempotent.
   * @param peerId marked
   * @throws RpcError 400 CONTACT_ID_INVALID
   */
  doBlock(ownerId: bigint, peerId: bigint, options: { storiesOnly: boolean; blocked: boolean }, origin: Origin | undefined): Promise<void>;
  /** Blocks a peer completely in a transaction in which the owner's box is open. @returns the update about it. Throws as {@link Blocks.doBlock}. */
  blockIn(open: OpenBoxes, blocked: { ownerId: bigint; peerId: bigint; origin: Origin | undefined }): Promise<tl.updatePeerBlocked>;
  /** Replaces a block list with exactly these peers. @param peerIds marked */
  doReplace(ownerId: bigint, peerIds: readonly bigint[], storiesOnly: boolean, origin: Origin | undefined): Promise<void>;
  /** Lists blocked peers, newest first. */
  listBlocked(ownerId: bigint, page: { storiesOnly: boolean; offset: number; limit: number }): Promise<{ peers: BlockedPeer[]; count: number }>;
}

/** A transaction in which the owner's box is open. */
interface Writing extends OpenBoxes {
  ownerId: bigint;
  origin: Origin | undefined;
  storiesOnly: boolean;
}

/** Orders, in the transaction in which an owner blocks or reports somebody, that the owner leaves the groups and channels to which one of these has added the owner. */
export const ORDER_LEAVING = definePort<(tx: Tx, ownerId: bigint, blamedIds: readonly bigint[]) => Promise<void>>('contacts.orderLeaving');

/** Creates the block list operations. */
export function createBlocks(
  deps: SubjectDeps,
  parts: {
    relations: Relations;
    botStops: Pick<BotStops, 'order'>;
    /** See {@link ORDER_LEAVING}. */
    orderConsequences(tx: Tx, ownerId: bigint, blockedIds: readonly bigint[]): Promise<void>;
  },
): Blocks {
  const { relations } = parts;
  const { db, bus, clock, writeBoxes } = deps;

  const checkPeer = (ownerId: bigint, peerId: bigint): void => {
    if (peerId === ownerId || peerId === SERVICE_CHAT_ID) throw rpcError('CONTACT_ID_INVALID');
  };

  /**
   * Logs one update per peer with its state in both lists, and returns them. The caches drop these relations before the updates are published, because the
   * users are sent along with the updates.
   */
  const logStates = async ({ tx, boxes, date, ownerId, origin, storiesOnly }: Writing, ids: readonly bigint[]): Promise<tl.updatePeerBlocked[]> => {
    if (ids.length === 0) return [];
    tx.afterCommit(() => {
      const settled = ids.map((id) => relations.relationChanged(ownerId, id));
      // A blocked peer no longer sees when the owner is online, and must not go on showing what it knew.
      if (!storiesOnly) publishAccountHint(bus, { kind: 'status_view', userId: ownerId, viewerIds: ids });
      return allDecided(settled);
    });
    await updateMutualOf(tx, ownerId, ids);
    if (!storiesOnly) await tellBlocks(deps, { tx, boxes }, ownerId, ids);
    const rows = await tx.q
      .selectFrom('blocked_peers')
      .select(['peer_id', 'stories_only'])
      .where('owner_id', '=', ownerId)
      .where('peer_id', 'in', ids)
      .execute();
    const updates = ids.map((id): tl.updatePeerBlocked => ({
      _: 'updatePeerBlocked',
      peer_id: unmarkPeer(id),
      blocked: rows.some((row) => row.peer_id === id && !row.stories_only) || undefined,
      blocked_my_stories_from: rows.some((row) => row.peer_id === id && row.stories_only) || undefined,
    }));
    boxes.addLoose(ownerId, date, origin, updates);
    const blocked = new Map(ids.map((id, at) => [id, updates[at]!.blocked === true]));
    if (!storiesOnly) await parts.botStops.order(tx, { userId: ownerId, blocked, seq: boxes.looseSeq(ownerId), date });
    return updates;
  };

  const block = async (tx: Tx, list: BlockList, peerIds: readonly bigint[]): Promise<void> => {
    await insertBlocks(tx, list, peerIds, clock.now());
    if (!list.storiesOnly) await parts.orderConsequences(tx, list.ownerId, peerIds);
  };

  return {
    async blockIn({ tx, boxes, date }, { ownerId, peerId, origin }) {
      checkPeer(ownerId, peerId);
      await block(tx, { ownerId, storiesOnly: false }, [peerId]);
      const [update] = await logStates({ tx, boxes, date, ownerId, origin, storiesOnly: false }, [peerId]);
      return update!;
    },

    async doBlock(ownerId, peerId, { storiesOnly, blocked }, origin) {
      checkPeer(ownerId, peerId);
      await writeBoxes('block', [ownerId], async (tx, boxes, date) => {
        if (blocked) await block(tx, { ownerId, storiesOnly }, [peerId]);
        else await deleteBlocks(tx, { ownerId, storiesOnly }, [peerId]);
        await logStates({ tx, boxes, date, ownerId, origin, storiesOnly }, [peerId]);
      });
    },

    async doReplace(ownerId, peerIds, storiesOnly, origin) {
      for (const peerId of peerIds) checkPeer(ownerId, peerId);
      const wanted = new Set(peerIds);
      await writeBoxes('replace-blocked', [ownerId], async (tx, boxes, date) => {
        const known = await tx.q
          .selectFrom('blocked_peers')
          .select('peer_id')
          .where('owner_id', '=', ownerId)
          .where('stories_only', '=', storiesOnly)
          .execute();
        const have = new Set(known.map((row) => row.peer_id));
        const gone = [...have].filter((id) => !wanted.has(id));
        const added = [...wanted].filter((id) => !have.has(id));
        if (gone.length > 0) await deleteBlocks(tx, { ownerId, storiesOnly }, gone);
        if (added.length > 0) await block(tx, { ownerId, storiesOnly }, added);
        await logStates({ tx, boxes, date, ownerId, origin, storiesOnly }, [...gone, ...added]);
      });
    },

    async listBlocked(ownerId, { storiesOnly, offset, limit }) {
      const list = db.q.selectFrom('blocked_peers').where('owner_id', '=', ownerId).where('stories_only', '=', storiesOnly);
      const [rows, total] = await Promise.all([
        list
          .select(['peer_id', 'created_date'])
          .orderBy('created_date', 'desc')
          .orderBy('peer_id')
          .offset(offset)
          .limit(limit)
          .execute(),
        list.select((eb) => eb.fn.countAll<bigint>().as('count')).executeTakeFirstOrThrow(),
      ]);
      return { peers: rows.map((row) => ({ peerId: row.peer_id, date: row.created_date })), count: Number(total.count) };
    },
  };
}
