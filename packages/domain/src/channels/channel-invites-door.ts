import { rpcError } from '@aerogram/errors';

import { findChannelMembers, findChannelRows, standingIn } from '../chats/index.ts';
import {
  accessInvite,
  deleteInvite,
  deleteRevokedInvites,
  editInvite,
  exportInvite,
  type InvitesDoor,
  type InviteRow,
  type InviteView,
  listEntrants,
  listInvitePage,
  listInviters,
  listFirstRequests,
  projectInvite,
  revokeInvite,
  settleEntrances,
} from '../invites/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type ChannelChange, type ChannelChangeDeps, ChannelChanger, type ChannelIds } from '../channel-state/index.ts';
import { decideRequest, decideRequests, enterByLink } from './channel-entries.ts';
import type { MemberLimits } from './channel-members.ts';

/** How many people one transaction lets in. Each has an update in the own box, and in small groups a message. */
const ADMITTED_AT_ONCE = 50;
/** How many requests one transaction turns down. */
const DISMISSED_AT_ONCE = 1000;

/** The dependencies of the invite links of channels. */
export interface ChannelInvitesDeps extends ChannelChangeDeps, Pick<DomainDeps, 'clock' | 'random'> {
  config: ChannelChangeDeps['config'] & MemberLimits & Pick<DomainConfig, 'homeDcId'>;
  users: Pick<Users, 'findRows'>;
}

/** Creates the operations on the invite links and join requests of a channel whose rows are in this database. */
export function openChannelInvites(deps: ChannelInvitesDeps, ids: ChannelIds): InvitesDoor {
  const { db, random, clock, config } = deps;
  const { channelId, peerId } = ids;
  const changer = new ChannelChanger(deps, ids);
  const means = { random, homeDcId: config.homeDcId };
  const view = async (actorId: bigint): Promise<InviteView> => {
    const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId: actorId }])]);
    if (row === undefined) throw rpcError('CHANNEL_INVALID');
    return { db, peerId, actorId, standing: standingIn(row, member, clock.now()) };
  };
  return {
    doExport: (acting, invite) =>
      changer.open('export-channel-invite', acting, {}, async (channel) => {
        const exported = await exportInvite(channel.inviteScope, means, invite);
        if (exported.revoked !== undefined) channel.note({ kind: 'link_revoke', link: projectInvite(exported.revoked) });
        noteDeleted(channel, exported.dropped);
        return exported.invite;
      }),
    doEdit: (acting, hash, terms) =>
      changer.open('edit-channel-invite', acting, {}, async (channel) => {
        const change = await editInvite(channel.inviteScope, hash, terms);
        channel.note({ kind: 'link_edit', before: projectInvite(change.before), after: projectInvite(change.invite) });
        return change;
      }),
    doRevoke: (acting, hash) =>
      changer.open('revoke-channel-invite', acting, {}, async (channel) => {
        const change = await revokeInvite(channel.inviteScope, means, hash);
        if (!change.before.revoked) channel.note({ kind: 'link_revoke', link: projectInvite(change.invite) });
        noteDeleted(channel, change.dropped);
        return change;
      }),
    async doDelete(acting, hash) {
      await changer.open('delete-channel-invite', acting, {}, async (channel) => {
        noteDeleted(channel, await deleteInvite(channel.inviteScope, hash));
      });
    },
    doDeleteRevoked: (acting, adminId) =>
      changer.open('delete-channel-invites', acting, {}, async (channel) => {
        for (const row of await deleteRevokedInvites(channel.inviteScope, adminId)) noteDeleted(channel, row);
      }),
    find: async (viewerId, hash) => accessInvite({ ...(await view(viewerId)), tx: db }, hash),
    list: async (viewerId, page) => listInvitePage(await view(viewerId), page),
    listInviters: async (viewerId) => listInviters(await view(viewerId)),
    listEntrants: async (viewerId, page) => listEntrants(await view(viewerId), page, (ids) => deps.users.findRows(ids)),
    async doEnter(acting, hash) {
      return { peerId, ...(await changer.enter('import-channel-invite', acting, {}, (channel) => enterByLink(channel, acting, hash, config))) };
    },
    async doDecide(acting, userId, approved) {
      const outcome = await changer.change('decide-channel-request', acting, { opened: approved ? [userId] : [], named: [userId] }, (channel) =>
        decideRequest(channel, { ...acting, userId, approved }, config),
      );
      return { peerId, ...outcome };
    },
    async doDecideSome(acting, decisions) {
      const limit = decisions.approved ? ADMITTED_AT_ONCE : DISMISSED_AT_ONCE;
      const asking = await listFirstRequests(db, peerId, decisions.hash, { untilDate: decisions.untilDate, limit });
      const userIds = asking.map((request) => request.user_id);
      const scope = decisions.approved ? { opened: userIds } : {};
      const outcome = await changer.change('decide-channel-requests', acting, scope, (channel) => decideRequests(channel, acting, { ...decisions, userIds }, config));
      return { peerId, ...outcome };
    },
    async doWithdraw(userId) {
      await changer.open('withdraw-channel-request', { actorId: userId, origin: undefined }, {}, async (channel) => {
        if ((await settleEntrances(channel.tx, peerId, { goneIds: [], answeredIds: [userId] })) > 0) channel.announceRequests();
        await channel.revokeLinksOf([userId]);
      });
    },
  };
}

/** Shows the admins that a revoked link was deleted. */
function noteDeleted(channel: ChannelChange, row: InviteRow | undefined): void {
  if (row !== undefined) channel.note({ kind: 'link_delete', link: projectInvite(row) });
}
