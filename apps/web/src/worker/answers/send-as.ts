import type { GroupQuestions } from '../../protocol/index.ts';
import { peerIdOf } from '../models/ids.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** In whose name the account writes in groups. */
export function answerSendAs({ account }: AnswerDeps): AnswersTo<Pick<GroupQuestions, 'groups.listSendAs' | 'groups.setSendAs'>> {
  return {
    'groups.listSendAs': async ({ peer }, page) => {
      const { peers } = await account.call({ _: 'channels.getSendAs', peer: await account.inputPeer(peer) });
      const offered = peers.map((one) => peerIdOf(one.peer));
      page.introduce(offered);
      return offered;
    },
    'groups.setSendAs': async ({ peer, as }) => {
      await account.call({ _: 'messages.saveDefaultSendAs', peer: await account.inputPeer(peer), sendAs: await account.inputPeer(as) });
      account.store.noteDetails(peer);
    },
  };
}
