import type { PeerQuestions } from '../../protocol/index.ts';
import { findMentionable } from '../find-mentionable.ts';
import { Refused } from '../refusal.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** People, groups and channels. */
export function answerPeers({ account, search }: AnswerDeps): AnswersTo<PeerQuestions> {
  return {
    'peers.get': ({ peer }, page) => {
      const found = account.store.peers.get(peer);
      if (!found) throw new Refused({ code: 'PEER_ID_INVALID' });
      page.introduce([peer]);
      return found;
    },
    'peers.resolve': async ({ username }, page) => {
      const found = await search.resolve(username);
      if (found === undefined) throw new Refused({ code: 'USERNAME_NOT_OCCUPIED' });
      page.introduce([found]);
      return found;
    },
    'peers.findMentionable': async ({ peer, query }, page) => {
      const found = await findMentionable(account, peer, query);
      page.introduce(found);
      return found;
    },
  };
}
