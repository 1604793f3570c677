import { fileKey, type FileLimits, type FileQuestions } from '../../protocol/index.ts';
import { unpackAnimation } from '../files/animation.ts';
import { loadLimits } from '../files/limits.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Files of messages and peers. */
export function answerFiles({ account, files }: AnswerDeps): AnswersTo<FileQuestions> {
  let limits: Promise<FileLimits> | undefined;
  const findLimits = (): Promise<FileLimits> => {
    limits ??= loadLimits(account);
    limits.catch(() => (limits = undefined));
    return limits;
  };
  return {
    'files.load': ({ file }, page) => files.load(file, (loaded, total) => page.tellProgress(fileKey(file), loaded, total)),
    'files.cancel': ({ file }) => files.cancel(file),
    'files.part': ({ file, from }) => files.part(file, from),
    'files.animation': async ({ file }) => await unpackAnimation(await files.load(file, () => undefined)),
    'files.limits': findLimits,
  };
}
