import { rpcError } from '@aerogram/errors';
import { defineRecurringJob } from '@aerogram/storage';
import type { JobKind } from '@aerogram/storage';

import type { BoxPeer } from '../access/index.ts';
import { findPrivateRetentionDays } from '../chats/index.ts';
import { checkTtlPeriod, findDialogs, saveTtl } from '../dialogs/index.ts';
import { type MessageRow, type Origin, packMessageExtra } from '../events/index.ts';
import { addNotice, countNotice, logTtl, type MessagingDeps, writeDialog } from '../messages/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import { saveChatSettings } from '../settings/index.ts';
import { groupBy } from '../shared/index.ts';
import { removeFromBox } from './remove-from-box.ts';
import { createRetainPrivateJob } from './retain-private.ts';
import { findDefaultTtl, listExpired } from './ttl-store.ts';

/** How often expired messages are deleted. */
const EXPIRE_EVERY_MS = 5000;
/** Maximum number of messages deleted at once. */
const SLICE = 500;

/** Operations on the lifetime of messages. */
export interface Ttl {
  /**
   * Sets the lifetime of new messages in a chat, for everyone in it, and adds a service message about it. A period of 0 seconds means no limit.
   * @returns the owner's copy of the service message
   * @throws RpcError TTL_PERIOD_INVALID, CHAT_NOT_MODIFIED, PEER_ID_INVALID (Saved Messages, service chats), INPUT_USER_DEACTIVATED, YOU_BLOCKED_USER, in a basic
   * group as `checkChatRight`, and in a private chat as {@link SendLimits.check}
   */
  doSet(peer: BoxPeer, setting: { ownerId: bigint; period: number; origin: Origin | undefined }): Promise<MessageRow>;
  /** Returns the lifetime of messages in chats where the owner writes first, in seconds; 0 for none. */
  findDefault(ownerId: bigint): Promise<number>;
  /**
   * Sets the lifetime of messages in chats where the owner writes first, in seconds.
   * @throws RpcError TTL_PERIOD_INVALID
   */
  doSetDefault(ownerId: bigint, period: number): Promise<void>;
  /** Finds after how many days the operator has messages of private chats deleted; 0: never. */
  findPrivateDays(): Promise<number>;
  readonly jobKinds: readonly JobKind[];
}

/** Creates the operations on the lifetime of messages. */
export function createTtl(deps: MessagingDeps): Ttl {
  const { db, clock, random } = deps;

  /** Deletes expired messages of one box. A repeat finds nothing to delete. */
  const doExpire = (ownerId: bigint, msgIds: readonly number[]): Promise<void> =>
    deps.writeBoxes('expire-messages', [ownerId], (tx, boxes, date) => removeFromBox({ tx, boxes, date }, ownerId, msgIds));

  return {
    async doSet(peer, { ownerId, period, origin }) {
      checkTtlPeriod(period);
      const { peerId } = peer;
      if (peer.kind === 'user' && peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
      if (peer.kind === 'user' && otherBoxOf(ownerId, peerId) === undefined) throw rpcError('PEER_ID_INVALID');
      await countNotice(deps.sendLimits, ownerId, peer);
      const setting = { name: 'set-ttl', nameInGroup: 'set-group-ttl', action: 'change_info', refusals: ['YOU_BLOCKED_USER', 'USER_IS_BLOCKED'] } as const;
      return writeDialog(deps, setting, { ownerId, peerId }, async ({ tx, boxes, date, places }) => {
        const [dialog] = await findDialogs(tx.q, ownerId, [peerId]);
        if ((dialog?.ttl_period ?? 0) === period) throw rpcError('CHAT_NOT_MODIFIED');
        await saveTtl(tx, places, period);
        for (const place of places) logTtl(boxes, place, { period, date }, place.isOwn ? origin : undefined);
        // This service message does not expire, so that it keeps explaining why others do.
        const extra = packMessageExtra({ action: { _: 'messageActionSetMessagesTTL', period } });
        return addNotice({ tx, boxes, date }, random, { authorId: ownerId, places, extra, expires: false, origin });
      });
    },
    findDefault: (ownerId) => findDefaultTtl(db.q, ownerId),
    async doSetDefault(ownerId, period) {
      checkTtlPeriod(period);
      await db.transact('set-default-ttl', (tx) => saveChatSettings(tx, ownerId, { default_ttl_period: period }));
    },
    findPrivateDays: () => findPrivateRetentionDays(db),
    jobKinds: [
      createRetainPrivateJob(deps),
      defineRecurringJob({
        kind: 'expire-messages',
        everyMs: EXPIRE_EVERY_MS,
        clockNeed: 'steady',
        async run({ signal }) {
          for (let found = SLICE; found === SLICE; ) {
            const due = await listExpired(db.q, clock.now(), SLICE);
            for (const [ownerId, rows] of groupBy(due, (row) => row.owner_id)) {
              signal.throwIfAborted();
              await doExpire(ownerId, rows.map((row) => row.msg_id));
            }
            found = due.length;
          }
        },
      }),
    ],
  };
}
