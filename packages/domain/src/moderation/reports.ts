import { rpcError } from '@aerogram/errors';
import { defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';

import { type MessageRow, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { cleanLine } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { insertReport, removeClosedReports } from './report-store.ts';

/** A report by a user. */
export interface Report {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  /** The messages reported, which the user sees; without any, the peer itself is reported. */
  messages: readonly (MessageRow | PostRow)[];
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

/** Stores the reports of users for the operators. */
export interface Reports {
  readonly reasons: typeof REPORT_REASONS;
  /**
   * Stores a report with copies of the messages, because their authors may delete the messages. Each message is stored once for each user who reports it.
   * Whoever reports spam leaves what `orderLeaving` says. A report is dropped if its user, or all users together, have too many open reports.
   * @throws RpcError 400 OPTION_INVALID
   */
  doReport(report: Report): Promise<void>;
  /** Same as {@link Reports.doReport}, in a transaction that is open already. */
  reportIn(tx: Tx, report: Report): Promise<void>;
  /** Deletes reports that were closed long ago. */
  readonly jobKind: JobKind;
}

/** Maximum length of a comment, in UTF-16 units. */
const COMMENT_MAX = 512;
/** Maximum length of the copy of a message, in UTF-16 units. */
const COPY_MAX = 1000;
/** Maximum number of messages in one report. */
const MESSAGES_MAX = 100;
/** Maximum number of open reports of one user. */
export const REPORTS_OF_ONE_MAX = 500;
/** Maximum number of open reports of all users together. */
export const REPORTS_MAX = 50_000;
/** How long a closed report is kept, in seconds. */
const CLOSED_KEPT_S = 90 * 86_400;

const SPAM = REPORT_REASONS[0].reason;

const HOUR_MS = 3_600_000;
const SLICE = 1000;

/** What else reports need. */
export interface ReportParts extends Pick<DomainDeps, 'db' | 'clock'> {
  /** Orders that a user leaves the groups and channels to which these have added the user. @param blamedIds marked ids of what is reported, or of the authors of the messages as the user sees them */
  orderLeaving(tx: Tx, ownerId: bigint, blamedIds: readonly bigint[]): Promise<void>;
}

/** Creates the report operations. @param most maximum numbers of open reports */
export function createReports({ db, clock, orderLeaving }: ReportParts, most = { ofOne: REPORTS_OF_ONE_MAX, ofAll: REPORTS_MAX }): Reports {
  const reportIn = async (tx: Tx, { ownerId, peerId, messages, reason, comment }: Report): Promise<void> => {
    if (!REPORT_REASONS.some((known) => known.reason === reason)) throw rpcError('OPTION_INVALID');
    const unique = [...new Map(messages.map((row) => [row.msg_id, row])).values()].slice(0, MESSAGES_MAX);
    const ofMessages = unique.map((row) => ({ msgId: row.msg_id, authorId: writerOf(row), copy: copyOf(row) }));
    const items = ofMessages.length === 0 ? [{ msgId: 0, authorId: null, copy: null }] : ofMessages;
    const blamedIds = unique.length === 0 ? [peerId] : [...new Set(unique.map((row) => row.from_id))];
    await insertReport(tx, { ownerId, peerId, reason, comment: cleanLine(comment, COMMENT_MAX), nowDate: clock.now(), items }, most);
    if (reason === SPAM) await orderLeaving(tx, ownerId, blamedIds);
  };
  return {
    reasons: REPORT_REASONS,
    reportIn,
    doReport: (report) => db.transact('report', (tx) => reportIn(tx, report)),
    jobKind: defineRecurringJob({
      kind: 'remove-closed-reports',
      everyMs: 6 * HOUR_MS,
      clockNeed: 'proven',
      async run({ signal }) {
        for (let found = SLICE; found === SLICE && !signal.aborted; ) {
          found = await db.transact('remove-closed-reports', (tx) => removeClosedReports(tx, clock.now() - CLOSED_KEPT_S, SLICE));
        }
      },
    }),
  };
}

/** Who wrote a message: also the admin who wrote it in the name of the group or channel. */
function writerOf(row: MessageRow | PostRow): bigint {
  return 'poster_id' in row ? row.poster_id : row.from_id;
}

/** What a message says, as one line, with the kind of its media. */
function copyOf({ text, extra }: MessageRow): string {
  const { media, action } = unpackMessageExtra(extra);
  const more = (media ?? action)?._.replace(/^message(?:Media|Action)/, '');
  return cleanLine(more === undefined ? text : `[${more}] ${text}`, COPY_MAX);
}
