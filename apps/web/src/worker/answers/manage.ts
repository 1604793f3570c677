import type { tl } from '@mtcute/core';
import type { GroupSwitch, ManageQuestions, PeerId, Said } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { changeSetting } from '../change-setting.ts';
import { findParticipant } from '../find-participant.ts';
import { listLog } from '../list-log.ts';
import { migrateGroup } from '../migrate-group.ts';
import { writeAdminRights } from '../models/admin-rights.ts';
import { isChannel } from '../models/ids.ts';
import { FOREVER, writeForbidden } from '../models/member-rights.ts';
import { provePassword } from '../prove-password.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** What admins set in groups and channels. */
export function answerManage({ account }: AnswerDeps): AnswersTo<ManageQuestions> {
  return {
    'manage.migrate': async ({ peer }, page) => {
      const group = await migrateGroup(account, peer);
      page.introduce([group]);
      return group;
    },
    'manage.log': async (say, page) => {
      const log = await listLog(account, say);
      page.introduce(log.events.flatMap(({ by, user, message }) => [by, ...(user === undefined ? [] : [user]), ...(message ? [message.from] : [])]));
      return log;
    },
    'manage.setAdmin': (change) => setAdmin(account, change),
    'manage.dismissAdmin': async ({ peer, user }) => {
      const userId = await account.inputUser(user);
      if (isChannel(peer)) await changeSetting(account, peer, { _: 'channels.editAdmin', channel: await account.inputChannel(peer), userId, adminRights: { _: 'chatAdminRights' }, rank: '' });
      else await changeSetting(account, peer, { _: 'messages.editChatAdmin', chatId: -peer, userId, isAdmin: false });
    },
    'manage.makeOwner': async ({ peer, user, password }) => {
      const proof = await provePassword(account, password);
      await changeSetting(account, peer, { _: 'messages.editChatCreator', peer: await account.inputPeer(peer), userId: await account.inputUser(user), password: proof });
    },
    'manage.setForbidden': async ({ peer, forbidden }) => {
      await changeSetting(account, peer, { _: 'messages.editChatDefaultBannedRights', peer: await account.inputPeer(peer), bannedRights: writeForbidden(forbidden) });
    },
    'manage.restrict': async ({ peer, user, forbidden, until }) => {
      const [channel, participant] = await Promise.all([account.inputChannel(peer), account.inputPeer(user)]);
      await changeSetting(account, peer, { _: 'channels.editBanned', channel, participant, bannedRights: writeForbidden(forbidden, until === 0 ? FOREVER : until) });
    },
    'manage.setSlowMode': async ({ peer, seconds }) => await changeSetting(account, peer, { _: 'channels.toggleSlowMode', channel: await account.inputChannel(peer), seconds }),
    'manage.setSwitch': async ({ peer, which, isOn }) => await changeSetting(account, peer, await switchRequest(account, peer, which, isOn)),
  };
}

async function setAdmin(account: Account, { peer, user, rights, rank }: Said<'manage.setAdmin'>): Promise<void> {
  const userId = await account.inputUser(user);
  if (isChannel(peer)) {
    const channel = await account.inputChannel(peer);
    const known = await findParticipant(account, channel, user);
    const before = known && 'adminRights' in known ? known.adminRights : undefined;
    await changeSetting(account, peer, { _: 'channels.editAdmin', channel, userId, adminRights: writeAdminRights(rights, before), rank });
  } else {
    await changeSetting(account, peer, { _: 'messages.editChatAdmin', chatId: -peer, userId, isAdmin: true });
    await changeSetting(account, peer, { _: 'messages.editChatParticipantRank', peer: await account.inputPeer(peer), participant: await account.inputPeer(user), rank });
  }
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
