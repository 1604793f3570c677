import type { CallQuestions } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { whenLockEnds } from '../calls/when-lock-ends.ts';
import { deleteAllCalls, listCalls } from '../list-calls.ts';
import { publicMessage } from '../models/message.ts';
import { peersOfMessage } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Calls between two people. */
export function answerCalls({ account, calls }: AnswerDeps): AnswersTo<CallQuestions> {
  return {
    'calls.begin': ({ peer, isVideo, lock }, page) => {
      whenLockEnds(lock, () => calls.leave(page));
      return calls.begin(page, peer, isVideo);
    },
    'calls.accept': ({ call, lock }, page) => {
      whenLockEnds(lock, () => calls.leave(page));
      return calls.accept(page, call);
    },
    'calls.join': ({ call }, page) => calls.join(page, call),
    'calls.signal': ({ call, data }) => calls.signal(call, data),
    'calls.end': ({ call, isLost }) => calls.end(call, isLost === true),
    'calls.list': async ({ before }, page) => {
      const { rows, hasMore } = await listCalls(account, before);
      const messages = rows.map(publicMessage);
      page.introduce(messages.flatMap((message) => [message.peer, ...peersOfMessage(message)]));
      return { messages, hasMore };
    },
    'calls.areOn': async () => (await loadAppConfig(account)).number('aerogram_calls', 1) !== 0,
    'calls.deleteAll': ({ forBoth }) => deleteAllCalls(account, forBoth),
  };
}
