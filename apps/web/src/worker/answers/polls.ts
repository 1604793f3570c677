import Long from 'long';
import type { PollQuestions } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { peerIdOf } from '../models/ids.ts';
import { optionBytes, unsentPoll, writePoll } from '../models/poll.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Votes that are loaded at once. */
const PAGE = 50;

/** Polls. */
export function answerPolls({ account, outbox }: AnswerDeps): AnswersTo<PollQuestions> {
  return {
    'polls.limits': async () => {
      const config = await loadAppConfig(account);
      return { answers: config.number('poll_answers_max', 10), period: config.number('poll_close_period_max', 600) };
    },
    'polls.send': ({ poll, ...message }) => outbox.sendStored({ ...message, text: '', entities: [] }, { media: { kind: 'poll', poll: unsentPoll(poll) }, uploaded: writePoll(poll) }),
    'polls.vote': async ({ peer, message, options }) => {
      await account.change({ _: 'messages.sendVote', peer: await account.inputPeer(peer), msgId: message, options: options.map(optionBytes) });
    },
    'polls.close': async ({ peer, message }) => {
      await account.change({
        _: 'messages.editMessage',
        peer: await account.inputPeer(peer),
        id: message,
        media: { _: 'inputMediaPoll', poll: { _: 'poll', id: Long.ZERO, hash: Long.ZERO, closed: true, question: { _: 'textWithEntities', text: '', entities: [] }, answers: [] } },
      });
    },
    'polls.addAnswer': async ({ peer, message, text }) => {
      await account.change({ _: 'messages.addPollAnswer', peer: await account.inputPeer(peer), msgId: message, answer: { _: 'inputPollAnswer', text: { _: 'textWithEntities', text, entities: [] } } });
    },
    'polls.deleteAnswer': async ({ peer, message, option }) => {
      await account.change({ _: 'messages.deletePollAnswer', peer: await account.inputPeer(peer), msgId: message, option: optionBytes(option) });
    },
    'polls.voters': async ({ peer, message, option, offset }, page) => {
      const { votes, nextOffset } = await account.call({ _: 'messages.getPollVotes', peer: await account.inputPeer(peer), id: message, option: optionBytes(option), offset, limit: PAGE });
      const voters = votes.map((vote) => ({ peer: peerIdOf(vote.peer), date: vote.date }));
      page.introduce(voters.map((voter) => voter.peer));
      return { voters, next: nextOffset };
    },
  };
}
