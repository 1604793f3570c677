import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { preparePoll } from '../src/polls/prepare-poll.ts';

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });

/** Prepares a quiz with this question, these answers and this explanation. */
function prepare({ question = '?', answer = 'a', solution = '' }: { question?: string; answer?: string; solution?: string }): ReturnType<typeof preparePoll> {
  const answers = [answer, 'other'].map((text, at): tl.pollAnswer => ({ _: 'pollAnswer', text: words(text), option: Uint8Array.of(at) }));
  const poll: tl.poll = { _: 'poll', id: 0n, quiz: true, question: words(question), answers, hash: 0n };
  return preparePoll(1n, { _: 'inputMediaPoll', poll, correct_answers: [0] }, { kind: 'group', sendDate: 1, solution: { text: solution, entities: [] } }, new Set());
}

describe('the texts of a poll', () => {
  test.each([
    ['question', 300, 'POLL_QUESTION_INVALID'],
    ['answer', 100, 'POLL_ANSWER_INVALID'],
    ['solution', 200, 'MESSAGE_TOO_LONG'],
  ] as const)('are counted in characters: %s', (field, most, error) => {
    for (const character of ['a', '😀']) {
      expect(() => prepare({ [field]: character.repeat(most) })).not.toThrow();
      expect(() => prepare({ [field]: character.repeat(most + 1) })).toThrow(error);
    }
  });

  test('lose the marks that disturb', () => {
    const { poll } = prepare({ question: 'a\u0333b\u202e?', answer: 'A\u030a\u030a' });
    expect([poll.question.text, poll.answers[0]]).toMatchObject(['ab?', { text: { text: 'Å' } }]);
  });
});
