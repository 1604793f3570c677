/** Polls, the votes in them, and what messages show of them. */
export type { AnswerChange } from './change-answers.ts';
export type { NamedMessage, PollReaders } from './cast-votes.ts';
export type { PollPlace } from './poll-store.ts';
export { dropVotesOf } from './drop-votes.ts';
export { createPollFiller } from './poll-filler.ts';
export { SETTLE_VOTES } from './note-unseen.ts';
export { listFilesOfPolls } from './list-files.ts';
export { pollWork } from './poll-work.ts';
export { makeAnswerMedia } from './poll-media.ts';
export { findPollRow, listUnseenPolls, type PollRow, removePoll } from './poll-store.ts';
export { FIND_READ_ID, orderVotePurge, Polls } from './polls.ts';
export { POLL_ANSWERS_MAX, POLL_CLOSE_PERIOD_MAX } from './prepare-poll.ts';
