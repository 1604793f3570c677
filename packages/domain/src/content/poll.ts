import type { tl } from '@aerogram/tl';

import { always, asItIs, type FileFill, type MediaKind } from './media-kind.ts';

/** What stands beside each answer of a poll. Pure. */
export function mediaOfAnswers({ answers }: Pick<tl.poll, 'answers'>): (tl.MessageMedia | undefined)[] {
  return answers.map((answer) => (answer._ === 'pollAnswer' ? answer.media : undefined));
}

/** The poll with what a viewer needs to load the files beside its answers. Pure. */
export function fillAnswers(poll: tl.poll, fill: Pick<FileFill, 'media'>): tl.poll {
  return { ...poll, answers: poll.answers.map((answer) => (answer._ === 'pollAnswer' && answer.media !== undefined ? { ...answer, media: fill.media(answer.media) } : answer)) };
}

/** The results with what a viewer needs to load the file beside the solution. Pure. */
export function fillSolution(results: tl.pollResults, fill: Pick<FileFill, 'media'>): tl.pollResults {
  return results.solution_media === undefined ? results : { ...results, solution_media: fill.media(results.solution_media) };
}

/** Polls. Their home keeps the votes, and the files that they show; messages name the poll. */
export const poll: MediaKind<tl.messageMediaPoll> = {
  label: always('A poll'),
  right: always('send_polls'),
  filters: always(['poll']),
  words: ({ poll }) => [poll.question.text, ...poll.answers.map(({ text }) => text.text)],
  text: 'none',
  album: always(undefined),
  files: {
    list: () => [],
    fill: (media, fill) => ({
      ...media,
      poll: fillAnswers(media.poll, fill),
      results: fillSolution(media.results, fill),
      attached_media: media.attached_media && fill.media(media.attached_media),
    }),
  },
  inside: {
    list: ({ poll, results, attached_media: attached }) => [attached, results.solution_media, ...mediaOfAnswers(poll)].filter((media) => media !== undefined),
    keeper: ({ poll }) => poll.id,
  },
  lifetime: undefined,
  isPlayed: always(false),
  forwarded: asItIs,
  elsewhere: always(undefined),
  broadcastError: ({ poll }) => (poll.public_voters === true ? 'BROADCAST_PUBLIC_VOTERS_FORBIDDEN' : undefined),
};
