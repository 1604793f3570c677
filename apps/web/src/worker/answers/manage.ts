import type { tl } from '@mtcute/core';
import type { GroupSwitch, ManageQuestions, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { changeSetting } from '../change-setting.ts';
import { migrateGroup } from '../migrate-group.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** What admins set in groups and channels. */
export function answerManage({ account }: AnswerDeps): AnswersTo<ManageQuestions> {
  return {
    'manage.migrate': async ({ peer }, page) => {
      const group = await migrateGroup(account, peer);
      page.introduce([group]);
      return group;
    },
    'manage.setSwitch': async ({ peer, which, isOn }) => await changeSetting(account, peer, await switchRequest(account, peer, which, isOn)),
  };
}

async function switchRequest(account: Account, peer: PeerId, which: GroupSwitch, enabled: boolean): Promise<tl.RpcMethod> {
  if (which === 'protect') return { _: 'messages.toggleNoForwards', peer: await account.inputPeer(peer), enabled };
  const channel = await account.inputChannel(peer);
  switch (which) {
    case 'approve':
      return { _: 'channels.toggleJoinRequest', channel, enabled };
    case 'joinFirst':
      return { _: 'channels.toggleJoinToSend', channel, enabled };
    case 'sign':
      return { _: 'channels.toggleSignatures', channel, signaturesEnabled: enabled };
    case 'hideMembers':
      return { _: 'channels.toggleParticipantsHidden', channel, enabled };
    case 'hideHistory':
      return { _: 'channels.togglePreHistoryHidden', channel, enabled };
  }
}
