import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Correct answers are given by index now and were given by option. */
export function correctOptions(o: tl.inputMediaPoll): Uint8Array[] | undefined {
  return o.correct_answers?.flatMap((index) => {
    const answer = o.poll.answers[index];
    return answer?._ === 'pollAnswer' ? answer.option : [];
  });
}

/** Only users could vote. */
export function recentUsers(o: tl.pollResults): bigint[] | undefined {
  return o.recent_voters?.flatMap((peer) => (peer._ === 'peerUser' ? peer.user_id : []));
}

export function votesOfUsers(o: tl.messages.votesList): old.MessageUserVote[] {
  return o.votes.flatMap((vote) => lowerVote(vote) ?? []);
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

export function lowerPollVote(o: tl.updateMessagePollVote): old.updateMessagePollVote_106395c9 | undefined {
  if (o.peer._ !== 'peerUser') return undefined;
  return { _: 'updateMessagePollVote#106395c9', poll_id: o.poll_id, user_id: o.peer.user_id, options: o.options, qts: o.qts };
}

/** Only users could complete tasks: one completed by another peer is shown as not done. */
export function lowerTodoCompletion(o: tl.todoCompletion): old.todoCompletion_4cc120b7 | undefined {
  if (o.completed_by._ !== 'peerUser') return undefined;
  return { _: 'todoCompletion#4cc120b7', id: o.id, completed_by: o.completed_by.user_id, date: o.date };
}
