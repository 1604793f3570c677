// Row types of the migrations 0108-polls, 0110-unread-poll-votes, 0111-bot-news and 0113-poll-files.
import type { Generated } from 'kysely';

/** A poll, with its totals. */
export interface PollsTable {
  /** Ends in the bits of its home. */
  poll_id: bigint;
  /** The account that made it. */
  creator_id: bigint;
  /** Marked id of the chat for which it was made. */
  place_id: bigint;
  created_date: number;
  /** A `messageMediaPoll` with the question, the answers and, of a quiz, the correct answers and the solution, with their media, stored by `storedEncode`. */
  body: Uint8Array;
  /** Votes for each answer, in the order of the answers in `body`. */
  totals: number[];
  total_voters: Generated<number>;
  /** Grows with each change of the totals, and at least by one with each vote. */
  version: Generated<number>;
  /** Grows with each change of the poll itself, such as its closing. */
  edition: Generated<number>;
  /** Whether it shows who voted for what. */
  is_public: boolean;
  closed: boolean;
  /** Unix seconds; from then on it counts as closed. Null: it is closed by hand only, or its period has not begun. */
  close_date: number | null;
  /** The creator has seen the votes up to this place. */
  seen_place: Generated<number>;
  /** Of a public poll: somebody else has voted, and the creator has not seen it. The creator's `unread_poll_votes` follow it. */
  has_unseen: Generated<boolean>;
  /** The `version` of which devices that are online were told last. */
  told_version: Generated<number>;
  /** The `edition` of which they were told last. */
  told_edition: Generated<number>;
  /** When they were told last, in unix seconds. */
  told_tick: Generated<number>;
  /** Whether a job is ordered that tells its creator, a bot, how it stands. Null: a person made it. */
  bot_news: boolean | null;
}

/** What one account has voted for in a poll. */
export interface PollVotesTable {
  poll_id: bigint;
  voter_id: bigint;
  /** A bit for each chosen answer, by its place in `polls.body`. */
  chosen: bigint;
  voted_date: number;
  /** The `version` of the poll that the vote made: votes with higher places are newer. */
  place: number;
}

/** A document or photo in a poll, which keeps it as long as a message has the poll. */
export interface PollFilesTable {
  poll_id: bigint;
  document_id: bigint;
}

/** The tables of polls. */
export interface PollsTables {
  polls: PollsTable;
  poll_votes: PollVotesTable;
  poll_files: PollFilesTable;
}
