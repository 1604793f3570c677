import { fileKey, type FileQuestions } from '../../protocol/index.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Files of messages and peers. */
export function answerFiles({ files }: AnswerDeps): AnswersTo<FileQuestions> {
  return {
    'files.load': ({ file }, page) => files.load(file, (loaded, total) => page.tellProgress(fileKey(file), loaded, total)),
    'files.cancel': ({ file }) => files.cancel(file),
  };
}
