import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Database, Queries } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type ChatMemberRow, type ChatRow, findChatMembers, findChatRows, standingIn } from '../chats/index.ts';
import type { BoxWriter } from '../events/index.ts';
import {
  accessInvite,
  announceRequests,
  askToJoin,
  deleteInvite,
  deleteRevokedInvites,
  editInvite,
  type EntryOutcome,
  exportInvite,
  findInvite,
  findJoinRequests,
  findRequestsUpdate,
  type InviteActing,
  type InviteScope,
  type InvitesDoor,
  type InviteView,
  listEntrants,
  listInvitePage,
  listInviters,
  listFirstRequests,
  revokeInvite,
  revokeInvitesOf,
  settleEntrances,
} from '../invites/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { changeGroup, type GroupChangeDeps } from './group-change.ts';
import { admitRequesters, checkDeciding, checkEntering, enterByLink } from './group-entries.ts';

/** How many people one transaction lets in. Each adds a message to the boxes of all members. */
const ADMITTED_AT_ONCE = 2;
/** How many requests one transaction turns down. */
const DISMISSED_AT_ONCE = 1000;

/** The dependencies of the invite links of basic groups. */
export interface GroupInvitesDeps extends GroupChangeDeps, Pick<BoxWriter, 'withBoxes'>, Pick<DomainDeps, 'clock'> {
  db: Database;
  config: Pick<DomainConfig, 'homeDcId' | 'groupMembersMax'>;
  users: Pick<Users, 'findRows'>;
}

/** A basic group whose counter is locked, but not those of its members. Nobody comes or goes meanwhile, because that needs the same lock. */
interface LockedGroup extends InviteScope {
  row: ChatRow;
}

/** Creates the operations on the invite links and join requests of a basic group whose rows are in this database. */
export function openGroupInvites(deps: GroupInvitesDeps, chatId: bigint): InvitesDoor {
  const { db, random, clock, config } = deps;
  const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
  const means = { random, homeDcId: config.homeDcId };

  const read = (reader: Pick<Queries, 'run'>, userId: bigint): Promise<[ChatRow[], ChatMemberRow[]]> =>
    Promise.all([findChatRows(reader, [chatId]), findChatMembers(reader, [{ id: chatId, userId }])]);
  /** Runs a change that writes to no box. @param isStranger the actor may be somebody who was never in the group */
  const lock = <T>(name: string, actorId: bigint, change: (group: LockedGroup) => Promise<T>, isStranger = false): Promise<T> =>
    db.transact(name, (tx) =>
      deps.withBoxes(
        tx,
        [peerId],
        (_boxes, date, [[row], [actor]]) => {
          if (row === undefined || !(isStranger || actor !== undefined)) throw rpcError('CHAT_ID_INVALID');
          return change({ tx, date, peerId, actorId, row, standing: standingIn(row, actor, date) });
        },
        () => read(tx, actorId),
      ),
    );
  const view = async (actorId: bigint): Promise<InviteView> => {
    const [[row], [actor]] = await read(db, actorId);
    if (row === undefined || actor === undefined) throw rpcError('CHAT_ID_INVALID');
    return { db, peerId, actorId, standing: standingIn(row, actor, clock.now()) };
  };
  const tellAdmins = ({ tx }: LockedGroup): void => announceRequests(tx, deps.requestNotices, peerId);
  /** Turns people away. */
  const dismiss = (actorId: bigint, userIds: readonly bigint[], hash?: string) =>
    lock('dismiss-group-requests', actorId, async (group) => {
      await checkDeciding(group, hash);
      const requests = await findJoinRequests(group.tx, peerId, userIds);
      if (requests.length === 0) throw rpcError('HIDE_REQUESTER_MISSING');
      await settleEntrances(group.tx, peerId, { goneIds: [], answeredIds: userIds });
      tellAdmins(group);
      return { peerId, updates: [await findRequestsUpdate(group.tx, peerId)] };
    });
  /** Lets people in. */
  const admit = async (acting: InviteActing, userIds: readonly bigint[], hash?: string): Promise<EntryOutcome> => {
    const told: tl.Update[] = [];
    const outcome = await changeGroup(deps, 'admit-to-group', { ...acting, chatId, named: userIds }, async (group) => {
      told.splice(0, told.length, await admitRequesters(group, { ...acting, chatId }, { userIds, hash, membersMax: config.groupMembersMax }));
    });
    return { peerId, ...outcome, updates: [...outcome.updates, ...told] };
  };

  return {
    doExport: ({ actorId }, invite) => lock('export-group-invite', actorId, async (group) => (await exportInvite(group, means, invite)).invite),
    doEdit: ({ actorId }, hash, terms) => lock('edit-group-invite', actorId, (group) => editInvite(group, hash, terms)),
    doRevoke: ({ actorId }, hash) => lock('revoke-group-invite', actorId, (group) => revokeInvite(group, means, hash)),
    async doDelete({ actorId }, hash) {
      await lock('delete-group-invite', actorId, (group) => deleteInvite(group, hash));
    },
    async doDeleteRevoked({ actorId }, adminId) {
      await lock('delete-group-invites', actorId, (group) => deleteRevokedInvites(group, adminId));
    },
    find: async (viewerId, hash) => accessInvite({ ...(await view(viewerId)), tx: db }, hash),
    list: async (viewerId, page) => listInvitePage(await view(viewerId), page),
    listInviters: async (viewerId) => listInviters(await view(viewerId)),
    listEntrants: async (viewerId, page) => listEntrants(await view(viewerId), page, (ids) => deps.users.findRows(ids)),
    async doEnter(acting, hash) {
      const { actorId } = acting;
      // Most requests change nothing in the boxes of the members, so that these are not locked.
      const asks = await lock(
        'ask-to-join-group',
        actorId,
        async (group) => {
          const invite = await findInvite(group.tx, peerId, hash);
          checkEntering(group.standing, invite, group.date);
          if (!invite.request_needed || group.row.creator_id === actorId) return false;
          if (await askToJoin(group.tx, { peerId, userId: actorId, hash, date: group.date, bots: group.row.bots })) tellAdmins(group);
          return true;
        },
        true,
      );
      let isIn = false;
      const outcome = asks
        ? undefined
        : await changeGroup(deps, 'import-group-invite', { ...acting, chatId, mayEnter: true }, async (group) => {
            isIn = await enterByLink(group, { ...acting, chatId }, hash, config.groupMembersMax);
          });
      // Thrown after the commit, because the request is stored.
      if (outcome === undefined || !isIn) throw rpcError('INVITE_REQUEST_SENT');
      return { peerId, ...outcome };
    },
    async doDecide(acting, userId, approved) {
      if (!approved) return dismiss(acting.actorId, [userId]);
      return admit(acting, [userId]);
    },
    async doDecideSome(acting, { approved, hash, untilDate }) {
      const limit = approved ? ADMITTED_AT_ONCE : DISMISSED_AT_ONCE;
      const asking = await listFirstRequests(db, peerId, hash, { untilDate, limit });
      const userIds = asking.map((request) => request.user_id);
      return approved ? admit(acting, userIds, hash) : dismiss(acting.actorId, userIds, hash);
    },
    doWithdraw: (userId) =>
      lock(
        'withdraw-group-request',
        userId,
        async (group) => {
          if ((await settleEntrances(group.tx, peerId, { goneIds: [], answeredIds: [userId] })) > 0) tellAdmins(group);
          await revokeInvitesOf(group.tx, peerId, [userId]);
        },
        true,
      ),
  };
}
