import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

export function lowerPoll(o: tl.poll): old.poll_86e18161 {
  return { ...o, _: 'poll#86e18161', question: o.question.text };
}

export function lowerPollAnswer(o: tl.pollAnswer): old.pollAnswer_6ca9c2e9 {
  return { _: 'pollAnswer#6ca9c2e9', text: o.text.text, option: o.option };
}

export function lowerPollAnswerVoters(o: tl.pollAnswerVoters): old.pollAnswerVoters_3b6ddad2 {
  return { _: 'pollAnswerVoters#3b6ddad2', chosen: o.chosen, correct: o.correct, option: o.option, voters: o.voters ?? 0 };
}

/** Only users voted then. */
export function lowerPollResults(o: tl.pollResults): old.pollResults_dcb82ea3 {
  const recent_voters = o.recent_voters?.flatMap((peer) => (peer._ === 'peerUser' ? peer.user_id : []));
  return { ...o, _: 'pollResults#dcb82ea3', recent_voters };
}

export function lowerPollVote(o: tl.updateMessagePollVote): old.updateMessagePollVote_106395c9 | undefined {
  if (o.peer._ !== 'peerUser') return undefined;
  return { _: 'updateMessagePollVote#106395c9', poll_id: o.poll_id, user_id: o.peer.user_id, options: o.options, qts: o.qts };
}

export function lowerVotesList(o: tl.messages.votesList): old.messages_votesList_0823f649 {
  const { count, users, next_offset } = o;
  return { _: 'messages.votesList#0823f649', count, votes: o.votes.flatMap((vote) => lowerVote(vote) ?? []), users, next_offset };
}

function lowerVote(vote: tl.MessagePeerVote): old.MessageUserVote | undefined {
  if (vote.peer._ !== 'peerUser') return undefined;
  const { user_id } = vote.peer;
  switch (vote._) {
    case 'messagePeerVote': return { _: 'messageUserVote#34d247b4', user_id, option: vote.option, date: vote.date };
    case 'messagePeerVoteInputOption': return { _: 'messageUserVoteInputOption#3ca5b0ec', user_id, date: vote.date };
    case 'messagePeerVoteMultiple': return { _: 'messageUserVoteMultiple#8a65e557', user_id, options: vote.options, date: vote.date };
  }
}

/** Right answers are told by place now, and were by option. */
export function lowerInputMediaPoll(o: tl.inputMediaPoll): old.inputMediaPoll_0f94e5f1 {
  const { poll, solution, solution_entities } = o;
  const optionAt = (index: number) => {
    const answer = poll.answers[index];
    return answer?._ === 'pollAnswer' ? answer.option : [];
  };
  return { _: 'inputMediaPoll#0f94e5f1', poll, correct_answers: o.correct_answers?.flatMap(optionAt), solution, solution_entities };
}
