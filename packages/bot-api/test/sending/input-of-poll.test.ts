import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { inputOfMedia } from '../../src/sending/input-of-media.ts';

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const option = (at: number): Uint8Array => Uint8Array.of(at);

function pollOf(poll: Partial<tl.poll>, results: Partial<tl.pollResults> = {}): tl.messageMediaPoll {
  const answers = ['tea', 'coffee'].map((text, at): tl.pollAnswer => ({ _: 'pollAnswer', text: words(text), option: option(at), added_by: { _: 'peerUser', user_id: 5n }, date: 7 }));
  return { _: 'messageMediaPoll', poll: { _: 'poll', id: 9n, question: words('What?'), answers, hash: 3n, ...poll }, results: { _: 'pollResults', total_voters: 12, ...results } };
}

describe('a poll that is copied', () => {
  it('is a new one: open, without votes, and without who made it', () => {
    const copy = inputOfMedia(pollOf({ closed: true, creator: true, public_voters: true, multiple_choice: true, close_period: 60, close_date: 99 }));
    expect(copy).toMatchObject({ _: 'inputMediaPoll', correct_answers: undefined, poll: { id: 0n, public_voters: true, multiple_choice: true, question: { text: 'What?' }, close_period: 60, closed: undefined, creator: undefined, close_date: undefined } });
    expect((copy as tl.inputMediaPoll).poll.answers).toEqual(['tea', 'coffee'].map((text) => ({ _: 'inputPollAnswer', text: words(text), media: undefined })));
    expect(copy).not.toHaveProperty('results');
  });

  it('is a quiz with its answer and explanation, if the bot knows the answer', () => {
    const voters = [0, 1].map((at): tl.pollAnswerVoters => ({ _: 'pollAnswerVoters', option: option(at), voters: 1, correct: at === 1 || undefined }));
    expect(inputOfMedia(pollOf({ quiz: true }, { results: voters, solution: 'beans' }))).toMatchObject({ correct_answers: [1], solution: 'beans', solution_entities: [] });
    expect(inputOfMedia(pollOf({ quiz: true }))).toBeUndefined();
  });

  it('keeps the media beside question and answers', () => {
    const point: tl.messageMediaGeo = { _: 'messageMediaGeo', geo: { _: 'geoPoint', lat: 1, long: 2, access_hash: 3n } };
    expect(inputOfMedia({ ...pollOf({}), attached_media: point })).toMatchObject({ attached_media: { _: 'inputMediaGeoPoint', geo_point: { _: 'inputGeoPoint', lat: 1, long: 2 } } });
  });
});
