import { unmarkPeer } from '@aerogram/cluster';
import { type Database, defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BotEffect, orderBotEffects } from '../bot-events/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import { answerAt, filesOf, hasBit, liveBits, optionAt, type PollBody, placesOfBits, unpackBody } from './poll-body.ts';
import { findPollRow, markBotNews, type PollPlace, type PollRow, takeBotNews, type VoteRow } from './poll-store.ts';
import { projectPollUpdate } from './project-poll.ts';

/** A bot is told of one poll at most so often, in milliseconds. */
const PAUSE_MS = 1000;

const KIND = 'tell-bot-of-poll';
const codec = jsonCodec<{ pollId: string }>();

/**
 * Orders, in the transaction that changes a poll, that the bot which made it is told how it stands. Changes within a second are told together. Other bots are told nothing.
 * The poll must be locked.
 */
export async function orderPollNews(tx: Tx, pollId: bigint): Promise<void> {
  const botId = await markBotNews(tx, pollId);
  if (botId !== undefined) await tx.job({ kind: KIND, owner_id: botId, payload: codec.encode({ pollId: String(pollId) }), delayMs: PAUSE_MS });
}

interface BotNewsDeps extends Pick<SubjectDeps, 'writeBoxes'> {
  db: Pick<Database, 'q' | 'run'>;
  readers: { findOriginal(db: Pick<Database, 'q' | 'run'>, poll: PollRow): Promise<PollPlace | undefined> };
}

/** Creates the job that tells a bot how its poll stands: an update without pts in its box, with the poll as it is then. */
export function createBotNewsJob({ db, writeBoxes, readers }: BotNewsDeps): JobKind {
  return defineJobKind({
    kind: KIND,
    codec,
    // If it gave up, the note would stay, and the bot would never be told of the poll again.
    maxAttempts: Number.POSITIVE_INFINITY,
    async run({ pollId }, { ownerId: botId, done }) {
      const known = await findPollRow(db, BigInt(pollId));
      // Files in it are loaded by the message that shows it, which may be at another home than the bot.
      const place = known === undefined || filesOf(unpackBody(known.body)).length === 0 ? undefined : await readers.findOriginal(db, known);
      await writeBoxes('tell-bot-of-poll', [botId], async (tx, boxes, date) => {
        const row = await takeBotNews(tx, BigInt(pollId));
        if (row !== undefined) boxes.addLoose(botId, date, undefined, [projectPollUpdate(row, { viewerId: botId, chosen: 0n, recent: [] }, { withPoll: true, nowDate: date, place })]);
        await done(tx);
      });
    },
  });
}

/** Whether a bot is told of each vote in a poll: in a public one which it has made itself. Pure. */
export const isToldToBot = ({ is_public, bot_news }: Pick<PollRow, 'is_public' | 'bot_news'>): boolean => is_public && bot_news !== null;

/** A vote that was counted, and its poll. */
export interface ToldVote extends Pick<VoteRow, 'voter_id' | 'chosen'> {
  row: Pick<PollRow, 'poll_id' | 'creator_id' | 'body' | 'is_public' | 'bot_news'>;
}

/** Orders, in the transaction that counts votes, that bots are told of those in public polls which they have made themselves. Nobody is told of votes in anonymous polls. */
export async function orderToldVotes(tx: Tx, votes: readonly ToldVote[]): Promise<void> {
  await orderBotEffects(
    tx,
    votes.flatMap(({ row, voter_id, chosen }): BotEffect[] => (isToldToBot(row) ? [{ botId: row.creator_id, update: projectVote(row, unpackBody(row.body), { voter_id, chosen }) }] : [])),
  );
}

/** @returns the update with the answers that somebody has chosen now, by their options and by their places among the answers that are shown. Pure. */
function projectVote({ poll_id }: Pick<PollRow, 'poll_id'>, { poll }: PollBody, { voter_id, chosen }: Pick<VoteRow, 'voter_id' | 'chosen'>): tl.updateMessagePollVote {
  const live = chosen & liveBits(poll);
  const shown = [...poll.answers.keys()].filter((at) => answerAt(poll, at) !== undefined);
  return {
    _: 'updateMessagePollVote',
    poll_id,
    peer: unmarkPeer(voter_id),
    options: placesOfBits(live).map((at) => optionAt(poll, at)),
    positions: [...shown.keys()].filter((place) => hasBit(live, shown[place]!)),
    qts: 0,
  };
}
