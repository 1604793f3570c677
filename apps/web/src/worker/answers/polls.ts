import Long from 'long';
import type { PollQuestions } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import type { StoredFile } from '../models/attached.ts';
import { peerIdOf } from '../models/ids.ts';
import { optionBytes, unsentPoll, writeAnswer, writePoll } from '../models/poll.ts';
import { Uploads } from '../send/uploads.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Votes that are loaded at once. */
const PAGE = 50;

/** Polls. */
export function answerPolls({ account, outbox }: AnswerDeps): AnswersTo<PollQuestions> {
  const uploads = new Uploads(account);
  const find = (upload: string | undefined): StoredFile | undefined => (upload === undefined ? undefined : uploads.find(upload));
  return {
    'polls.limits': async () => {
      const config = await loadAppConfig(account);
      return { answers: config.number('poll_answers_max', 10), period: config.number('poll_close_period_max', 600) };
    },
    'polls.upload': ({ upload, ...file }, page) => uploads.start(upload, file, (part) => page.tellProgress(upload, part, 1)),
    'polls.dropUpload': ({ upload }) => uploads.drop(upload),
    'polls.send': async ({ poll: written, ...message }) => {
      const { poll, locations } = unsentPoll(written, find);
      await outbox.sendStored({ ...message, text: '', entities: [] }, { media: { kind: 'poll', poll }, locations, uploaded: writePoll(written, find) });
      for (const upload of [written.attached, written.solutionFile, ...written.answers.map(({ file }) => file)]) if (upload !== undefined) uploads.drop(upload);
    },
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
    'polls.addAnswer': async ({ peer, message, answer }) => {
      await account.change({ _: 'messages.addPollAnswer', peer: await account.inputPeer(peer), msgId: message, answer: writeAnswer(answer, find) });
      if (answer.file !== undefined) uploads.drop(answer.file);
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
