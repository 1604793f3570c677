import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import { type Database, defineJobKind, defineStatement, type JobKind, jsonCodec } from '@aerogram/storage';

import { AdminRight, ChannelFlag, type ChannelRow, type ChatKind, type ChatRow, type Chats, findChatRows, isChatRow, kindOf, standingIn } from '../chats/index.ts';
import type { Contacts } from '../contacts/index.ts';
import type { Groups } from '../groups/index.ts';
import { type Decisions, type EntryOutcome, findInvite, findInviteOwner, type InviteActing, type InviteRow, type InvitesDoor, isInviteOver, isInviteUsedUp, listFirstRequests } from '../invites/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { needsApproval } from './channel-entries.ts';
import type { Channels } from './channels.ts';

/** How long a client may read a public group or channel by its link before it asks again, in seconds. Anybody may read these anyway. */
const PEEK_S = 3600;
/** Maximum number of attempts to decide on one slice of requests. An attempt fails if other admins have meanwhile answered all requests of the slice. */
const TRIES_MAX = 10;
/** How many members a preview shows. */
const SHOWN_MAX = 10;

const listKnown = {
  chat: defineStatement<{ user_id: bigint }>(
    'list_known_chat_members',
    `SELECT user_id FROM chat_members WHERE chat_id = $1 AND user_id = ANY ($2::bigint[]) AND status = 'member' ORDER BY date LIMIT ${SHOWN_MAX}`,
  ),
  channel: defineStatement<{ user_id: bigint }>(
    'list_known_channel_members',
    `SELECT user_id FROM channel_members WHERE channel_id = $1 AND user_id = ANY ($2::bigint[]) AND status = 'member' AND admin_rights & ${AdminRight.anonymous} = 0
      ORDER BY date LIMIT ${SHOWN_MAX}`,
  ),
};

/** What a link shows to a stranger, who may have no account. */
export interface InvitePreview {
  /** Marked id of the group or channel. */
  peerId: bigint;
  kind: ChatKind;
  isPublic: boolean;
  title: string;
  about: string;
  /** How many members there are. */
  members: number;
  /** Admins have to let people in. */
  requestNeeded: boolean;
  /** Palette colour of the name; null: the usual one. */
  color: number | null;
  /** Its photo; null: it has none. */
  photoId: bigint | null;
}

/** What a link shows to a user: the group or channel itself to members, and until a date to all if it is public; otherwise a preview. */
export type InviteSight =
  | { kind: 'already'; peerId: bigint }
  | { kind: 'peek'; peerId: bigint; untilDate: number }
  | { kind: 'preview'; preview: InvitePreview; /** Contacts of the viewer who are members. */ knownIds: bigint[] };

/** Invite links of all groups and channels. */
export interface InviteLinks {
  /**
   * What a link shows to a stranger.
   * @param hash the last part of the link, without the sign in front
   * @returns undefined for a link that does not exist, was revoked, has expired or is used up
   */
  findPreview(hash: string): Promise<InvitePreview | undefined>;
  /** What a link shows to a user. @throws RpcError 420 FLOOD_WAIT, 400 INVITE_HASH_EXPIRED (also for people who are banned) */
  check(viewerId: bigint, hash: string): Promise<InviteSight>;
  /** The photo that a link shows to a user now; undefined if there is none, or the link shows nothing to the user. */
  findPhotoId(viewerId: bigint, hash: string): Promise<bigint | undefined>;
  /** Lets the actor in by a link. Throws as {@link InvitesDoor.doEnter}. */
  doEnter(acting: InviteActing, hash: string): Promise<EntryOutcome>;
  /**
   * Approves all pending join requests while there is room, or declines them all. This call decides on the first slice; a job decides on the others.
   * @param peerId marked
   * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING (no request is pending), INVITE_HASH_EXPIRED, USERS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
   */
  doDecideAll(acting: InviteActing, peerId: bigint, decision: Pick<Decisions, 'approved' | 'hash'>): Promise<EntryOutcome>;
  /** The links of one group or channel. @param peerId marked */
  at(peerId: bigint): InvitesDoor;
  readonly jobKinds: readonly JobKind[];
}

/** The dependencies of {@link createInviteLinks}. */
export interface InviteLinksDeps extends Pick<DomainDeps, 'clock' | 'log'> {
  db: Database;
  groups: Pick<Groups, 'invitesOf'>;
  channels: Pick<Channels, 'at'>;
  chats: Pick<Chats, 'findRow' | 'findMember'>;
  contacts: Pick<Contacts, 'listContactIds'>;
  sendLimits: Pick<SendLimits, 'checkInvite'>;
}

/** Where a link leads to. */
interface Found {
  peerId: bigint;
  invite: InviteRow;
  row: ChatRow | ChannelRow;
}

/** Creates the operations on invite links. */
export function createInviteLinks(deps: InviteLinksDeps): InviteLinks {
  const { db, clock, log, groups, channels, chats, contacts, sendLimits } = deps;

  const find = async (hash: string): Promise<Found | undefined> => {
    const peerId = await findInviteOwner(db, hash);
    if (peerId === undefined) return undefined;
    const [invite, row] = await Promise.all([findInvite(db, peerId, hash), chats.findRow(peerId)]);
    if (invite === undefined || row === undefined || standingIn(row, undefined, 0).closed) return undefined;
    return { peerId, invite, row };
  };
  const isOpen = (invite: InviteRow): boolean => !isInviteOver(invite, clock.now()) && !isInviteUsedUp(invite);
  /** Where a link leads to, if it shows anything to the viewer: to members whatever has become of it, to others while it is valid, and nothing to people who are banned. */
  const findShown = async (viewerId: bigint, hash: string): Promise<(Found & { isMember: boolean }) | undefined> => {
    const found = await find(hash);
    if (found === undefined) return undefined;
    const { status } = standingIn(found.row, await chats.findMember(found.peerId, viewerId), clock.now());
    if (status !== 'member' && (status === 'banned' || !isOpen(found.invite))) return undefined;
    return { ...found, isMember: status === 'member' };
  };
  const at = (peerId: bigint): InvitesDoor => {
    const peer = unmarkPeer(peerId);
    if (peer._ === 'peerChannel') return channels.at(peer.channel_id).invites;
    if (peer._ === 'peerChat') return groups.invitesOf(peer.chat_id);
    throw rpcError('PEER_ID_INVALID');
  };
  /** Members whom the viewer knows. Nobody else is shown to people outside. */
  const listKnownIds = async (viewerId: bigint, { row }: Found): Promise<bigint[]> => {
    if (!isChatRow(row) && (row.kind === 'broadcast' || (row.flags & ChannelFlag.participantsHidden) !== 0)) return [];
    const { ids } = await contacts.listContactIds(viewerId);
    const { rows } = isChatRow(row) ? await db.run(listKnown.chat, [row.chat_id, ids]) : await db.run(listKnown.channel, [row.channel_id, ids]);
    return rows.map((known) => known.user_id);
  };
  const anyoneAsks = async (peerId: bigint, { hash, untilDate }: Pick<Decisions, 'hash' | 'untilDate'>): Promise<boolean> =>
    (await listFirstRequests(db, peerId, hash, { untilDate, limit: 1 })).length > 0;
  /** Decides on one slice of the requests. @returns also whether more requests are pending. Throws as {@link InvitesDoor.doDecideSome} */
  const decideSome = async (acting: InviteActing, peerId: bigint, decisions: Decisions): Promise<EntryOutcome & { isMore: boolean }> => {
    for (let tries = 1; ; tries++) {
      try {
        const outcome = await at(peerId).doDecideSome(acting, decisions);
        return { ...outcome, isMore: await anyoneAsks(peerId, decisions) };
      } catch (error) {
        // Another admin may have answered these requests meanwhile.
        const isAnswered = error instanceof RpcError && error.entry === 'HIDE_REQUESTER_MISSING';
        if (!isAnswered || tries === TRIES_MAX || !(await anyoneAsks(peerId, decisions))) throw error;
      }
    }
  };
  /** The supergroup that a basic group has become; undefined if it has not. */
  const findSuccessor = async (peerId: bigint): Promise<bigint | undefined> => {
    const peer = unmarkPeer(peerId);
    const [row] = peer._ === 'peerChat' ? await findChatRows(db, [peer.chat_id]) : [];
    const channel_id = row?.migrated_to ?? undefined;
    return channel_id && markPeer({ _: 'peerChannel', channel_id });
  };
  const decideJob = defineJobKind<{ peerId: bigint; decisions: Omit<Decisions, 'hash'> & { hash: string | null } }>({
    kind: 'decide-join-requests',
    codec: jsonCodec(),
    // Requests that were decided on are gone, so a retry goes on where the last run stopped.
    async run({ peerId: orderedId, decisions }, { ownerId, signal }) {
      const decided = { ...decisions, hash: decisions.hash ?? undefined };
      let peerId = orderedId;
      for (let isMore = true; isMore; ) {
        signal.throwIfAborted();
        try {
          ({ isMore } = await decideSome({ actorId: ownerId, origin: undefined }, peerId, decided));
        } catch (error) {
          if (!(error instanceof RpcError)) throw error;
          if (error.entry === 'HIDE_REQUESTER_MISSING') return;
          // When a basic group becomes a supergroup, its links and requests move there.
          const successorId = await findSuccessor(peerId);
          if (successorId === undefined) {
            // The group is full, or the admin may no longer decide. The other requests stay pending, and admins see their number.
            log.info({ refusal: error.text }, 'a decision on all requests to join has ended before all of them');
            return;
          }
          peerId = successorId;
        }
      }
    },
  });
  return {
    at,
    jobKinds: [decideJob],
    async doDecideAll(acting, peerId, { approved, hash }) {
      const untilDate = clock.now();
      const { isMore, ...outcome } = await decideSome(acting, peerId, { approved, hash, untilDate });
      if (isMore) await db.transact('order-decisions', (tx) => tx.job(decideJob.order(acting.actorId, { peerId, decisions: { approved, hash: hash ?? null, untilDate } })));
      return outcome;
    },
    async findPreview(hash) {
      const found = await find(hash);
      return found === undefined || !isOpen(found.invite) ? undefined : previewOf(found);
    },
    async check(viewerId, hash) {
      await sendLimits.checkInvite(viewerId);
      const found = await findShown(viewerId, hash);
      if (found === undefined) throw rpcError('INVITE_HASH_EXPIRED');
      const { peerId } = found;
      if (found.isMember) return { kind: 'already', peerId };
      const preview = previewOf(found);
      if (preview.isPublic && !preview.requestNeeded) return { kind: 'peek', peerId, untilDate: clock.now() + PEEK_S };
      return { kind: 'preview', preview, knownIds: await listKnownIds(viewerId, found) };
    },
    findPhotoId: async (viewerId, hash) => (await findShown(viewerId, hash))?.row.photo_id ?? undefined,
    async doEnter(acting, hash) {
      await sendLimits.checkInvite(acting.actorId);
      let peerId = await findInviteOwner(db, hash);
      for (;;) {
        if (peerId === undefined) throw rpcError('INVITE_HASH_EXPIRED');
        try {
          return await at(peerId).doEnter(acting, hash);
        } catch (error) {
          // The link moves once at most: when its basic group becomes a supergroup.
          const movedTo = await findInviteOwner(db, hash);
          if (movedTo === undefined || movedTo === peerId) throw error;
          peerId = movedTo;
        }
      }
    },
  };
}

function previewOf({ peerId, row, invite }: Found): InvitePreview {
  const { title, about, members, photo_id: photoId } = row;
  return {
    peerId,
    kind: kindOf(row),
    isPublic: !isChatRow(row) && row.username !== null,
    title,
    about,
    members,
    requestNeeded: isChatRow(row) ? invite.request_needed : needsApproval(row, invite),
    color: isChatRow(row) ? null : row.color,
    photoId,
  };
}
