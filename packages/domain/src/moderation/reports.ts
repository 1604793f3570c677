import { rpcError } from '@aerogram/errors';

import { cleanLine } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { insertReport } from './report-store.ts';

/** A report by a user. */
export interface Report {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  msgIds: readonly number[];
  /** One of {@link REPORT_REASONS}. */
  reason: string;
  comment: string;
}

/** The report reasons, in the order in which clients offer them. */
export const REPORT_REASONS = [
  { reason: 'spam', title: 'Spam' },
  { reason: 'violence', title: 'Violence' },
  { reason: 'pornography', title: 'Pornography' },
  { reason: 'child_abuse', title: 'Child abuse' },
  { reason: 'illegal_drugs', title: 'Illegal drugs' },
  { reason: 'personal_details', title: 'Personal details' },
  { reason: 'copyright', title: 'Copyright' },
  { reason: 'fake', title: 'Fake account' },
  { reason: 'geo_irrelevant', title: 'Irrelevant to the place' },
  { reason: 'other', title: 'Other' },
] as const;

/** Stores the reports of users for moderators. */
export interface Reports {
  readonly reasons: typeof REPORT_REASONS;
  /**
   * Stores a report. An identical report within a day is not stored again.
   * @throws RpcError 400 OPTION_INVALID, MESSAGE_ID_INVALID
   */
  doReport(report: Report): Promise<void>;
}

const COMMENT_MAX = 512;
const MESSAGES_MAX = 100;
const DAY_S = 24 * 3600;

/** Creates the report operations. */
export function createReports(deps: DomainDeps): Reports {
  const { db, clock, random } = deps;
  return {
    reasons: REPORT_REASONS,
    async doReport({ ownerId, peerId, msgIds, reason, comment }) {
      if (!REPORT_REASONS.some((known) => known.reason === reason)) throw rpcError('OPTION_INVALID');
      const ids = [...new Set(msgIds)].slice(0, MESSAGES_MAX).toSorted((a, b) => a - b);
      if (ids.length > 0) {
        const found = await db.q
          .selectFrom('messages')
          .select('msg_id')
          .where('owner_id', '=', ownerId)
          .where('peer_id', '=', peerId)
          .where('msg_id', 'in', ids)
          .execute();
        if (found.length < ids.length) throw rpcError('MESSAGE_ID_INVALID');
      }
      const now = clock.now();
      await db.transact('report', async (tx) => {
        const known = await tx.q
          .selectFrom('reports')
          .select(['msg_ids', 'peer_id', 'reason'])
          .where('owner_id', '=', ownerId)
          .where('created_date', '>', now - DAY_S)
          .execute();
        const same = known.some((row) => row.peer_id === peerId && row.reason === reason && String(row.msg_ids) === String(ids));
        if (same) return;
        await insertReport(tx, {
          owner_id: ownerId,
          report_id: random.int63(),
          peer_id: peerId,
          msg_ids: ids,
          reason,
          comment: cleanLine(comment, COMMENT_MAX),
          created_date: now,
        });
      });
    },
  };
}
