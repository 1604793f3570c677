import type { EmojiQuestions } from '../../protocol/index.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Emoji that are remembered. */
const RECENT_MAX = 40;

const KEY = 'recentEmoji';

/** Emoji that were used lately on this device. */
export function answerEmoji({ account: { database } }: AnswerDeps): AnswersTo<EmojiQuestions> {
  const list = async (): Promise<string[]> => (await database.get<string[]>('session', KEY)) ?? [];
  return {
    'emoji.recent': list,
    'emoji.use': async ({ emoji }) => {
      const others = (await list()).filter((each) => each !== emoji);
      database.put('session', KEY, [emoji, ...others].slice(0, RECENT_MAX));
      await database.flush();
    },
  };
}
