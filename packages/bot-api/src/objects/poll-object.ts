import type { tl } from '@aerogram/tl';

import { projectEntities } from '../texts/index.ts';
import { ifText, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';

/** A poll as a message or an update shows it. */
export type ShownPoll = Pick<tl.messageMediaPoll, 'poll' | 'results' | 'attached_media'>;

/** The Poll object. The number of votes is 0 where it is not known. @param mediaOf the PollMedia object of media; undefined for those that bots are not shown */
export function projectPoll({ poll, results, attached_media: attached }: ShownPoll, peers: KnownPeers, mediaOf: (media: tl.MessageMedia | undefined) => JsonObject | undefined): JsonObject {
  const isQuiz = poll.quiz === true;
  const votersOf = new Map((results.results ?? []).map((one) => [keyOf(one.option), one]));
  const answers = answersOf(poll);
  const correct = [...answers.keys()].filter((at) => votersOf.get(keyOf(answers[at]!.option))?.correct === true);
  return {
    id: poll.id.toString(),
    ...projectText('question', poll.question, peers),
    options: answers.map((answer) => ({
      persistent_id: persistentId(answer.option),
      ...projectText('text', answer.text, peers),
      media: mediaOf(answer.media),
      voter_count: votersOf.get(keyOf(answer.option))?.voters ?? 0,
      ...projectAdder(answer, peers),
    })),
    total_voter_count: results.total_voters ?? 0,
    is_closed: poll.closed === true,
    is_anonymous: poll.public_voters !== true,
    type: isQuiz ? 'quiz' : 'regular',
    allows_multiple_answers: poll.multiple_choice === true,
    allows_revoting: !isQuiz && poll.revoting_disabled !== true,
    members_only: poll.subscribers_only === true,
    ...(correct.length > 0 ? { correct_option_id: correct[0], correct_option_ids: correct } : {}),
    ...projectSolution(results, peers),
    explanation_media: mediaOf(results.solution_media),
    media: mediaOf(attached),
    open_period: poll.close_period,
    close_date: poll.close_date,
  };
}

/** The fields that name an answer in PollOptionAdded and PollOptionDeleted. */
export function projectOption(answer: tl.PollAnswer, peers: KnownPeers): JsonObject {
  return { option_persistent_id: answer._ === 'pollAnswer' ? persistentId(answer.option) : '', ...projectText('option_text', answer.text, peers) };
}

/** The identifier of an answer that stays when others are added or deleted. Pure. */
export const persistentId = (option: Uint8Array): string => Buffer.from(option).toString();

const keyOf = (option: Uint8Array): string => Buffer.from(option).toString('base64');

/** The answers of a poll that the server has sent; those that a client sends have no option. */
const answersOf = ({ answers }: tl.poll): tl.pollAnswer[] => answers.filter((answer) => answer._ === 'pollAnswer');

/** A text, and its entities if it has any. */
function projectText(name: string, { text, entities }: Pick<tl.textWithEntities, 'text' | 'entities'>, peers: KnownPeers): JsonObject {
  const found = projectEntities(entities, (id) => peers.user(id));
  return { [name]: text, [`${name}_entities`]: found.length > 0 ? found : undefined };
}

function projectSolution({ solution, solution_entities: entities = [] }: tl.pollResults, peers: KnownPeers): JsonObject {
  return ifText(solution) === undefined ? {} : projectText('explanation', { text: solution!, entities }, peers);
}

/** Who has added an answer, and when. */
function projectAdder({ added_by: by, date }: tl.pollAnswer, peers: KnownPeers): JsonObject {
  if (by === undefined) return {};
  return { ...(by._ === 'peerUser' ? { added_by_user: peers.user(by.user_id) } : { added_by_chat: peers.chat(by) }), addition_date: date };
}
