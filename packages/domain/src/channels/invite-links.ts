import { unmarkPeer } from '@aerogram/cluster';
import { type RpcError, rpcError } from '@aerogram/errors';
import { type Database, defineStatement, type JobKind } from '@aerogram/storage';

import { AdminRight, ChannelFlag, type ChannelRow, type ChatKind, type ChatRow, type Chats, isChatRow, kindOf, standingIn } from '../chats/index.ts';
import type { Contacts } from '../contacts/index.ts';
import type { Groups } from '../groups/index.ts';
import { type Decisions, dcOfInviteHash, type EntryOutcome, findInvite, findInviteOwner, type InviteActing, type InviteRow, type InvitesDoor, isInviteOver, isInviteUsedUp } from '../invites/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { MarkColumns } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { needsApproval } from './channel-entries.ts';
import type { Channels } from './channels.ts';
import { JoinDecisions } from './join-decisions.ts';

/** How long a client may read a public group or channel by its link before it asks again, in seconds. Anybody may read these anyway. */
const PEEK_S = 3600;
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
  /** Whether admins have to let people in. */
  requestNeeded: boolean;
  /** Palette colour of the name; null: the usual one. */
  color: number | null;
  /** The photo of the group or channel; null for none. */
  photoId: bigint | null;
  /** The operator's marks; undefined for basic groups, which have none. */
  marks: MarkColumns | undefined;
}

/** What a link shows to a user: the group or channel itself to members, and until a date to all if it is public; otherwise a preview. */
export type InviteSight =
  | { kind: 'already'; peerId: bigint }
  | { kind: 'peek'; peerId: bigint; untilDate: number }
  | { kind: 'preview'; preview: InvitePreview; /** Contacts of the viewer who are members. */ knownIds: bigint[] };

/** The dependencies of {@link InviteLinks}. */
export interface InviteLinksDeps extends Pick<DomainDeps, 'clock' | 'log' | 'homes'> {
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

/** Invite links of all groups and channels. */
export class InviteLinks {
  readonly #deps: InviteLinksDeps;
  readonly #decisions: JoinDecisions;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: InviteLinksDeps) {
    this.#deps = deps;
    this.#decisions = new JoinDecisions({ ...deps, at: (peerId) => this.at(peerId) });
    this.jobKinds = [this.#decisions.jobKind];
  }

  /** The links of one group or channel. @param peerId marked */
  at(peerId: bigint): InvitesDoor {
    const peer = unmarkPeer(peerId);
    if (peer._ === 'peerChannel') return this.#deps.channels.at(peer.channel_id).invites;
    if (peer._ === 'peerChat') return this.#deps.groups.invitesOf(peer.chat_id);
    throw rpcError('PEER_ID_INVALID');
  }

  /** As {@link JoinDecisions.doDecideAll}. */
  doDecideAll(acting: InviteActing, peerId: bigint, decision: Pick<Decisions, 'approved' | 'hash'>): Promise<EntryOutcome> {
    return this.#decisions.doDecideAll(acting, peerId, decision);
  }

  /**
   * What a link shows to a stranger.
   * @param hash the last part of the link, without the sign in front
   * @returns undefined for a link that does not exist, was revoked, has expired or is used up
   */
  async findPreview(hash: string): Promise<InvitePreview | undefined> {
    const found = await this.#find(hash);
    return found === undefined || !this.#isOpen(found.invite) ? undefined : previewOf(found);
  }

  /** What a link shows to a user. @throws RpcError 420 FLOOD_WAIT, 400 INVITE_HASH_EXPIRED (also for people who are banned), CHAT_ELSEWHERE */
  async check(viewerId: bigint, hash: string): Promise<InviteSight> {
    await this.#deps.sendLimits.checkInvite(viewerId);
    const found = await this.#findShown(viewerId, hash);
    if (found === undefined) throw this.#refusalOf(hash);
    const { peerId } = found;
    if (found.isMember) return { kind: 'already', peerId };
    const preview = previewOf(found);
    if (preview.isPublic && !preview.requestNeeded) return { kind: 'peek', peerId, untilDate: this.#deps.clock.now() + PEEK_S };
    return { kind: 'preview', preview, knownIds: await this.#listKnownIds(viewerId, found) };
  }

  /** The photo that a link shows to a user now; undefined if there is none, or the link shows nothing to the user. */
  async findPhotoId(viewerId: bigint, hash: string): Promise<bigint | undefined> {
    return (await this.#findShown(viewerId, hash))?.row.photo_id ?? undefined;
  }

  /** Lets the actor in by a link. Throws as {@link InvitesDoor.doEnter}. */
  async doEnter(acting: InviteActing, hash: string): Promise<EntryOutcome> {
    const { db } = this.#deps;
    await this.#deps.sendLimits.checkInvite(acting.actorId);
    let peerId = await findInviteOwner(db, hash);
    for (;;) {
      if (peerId === undefined) throw this.#refusalOf(hash);
      try {
        return await this.at(peerId).doEnter(acting, hash);
      } catch (error) {
        // The link moves once at most: when its basic group becomes a supergroup.
        const movedTo = await findInviteOwner(db, hash);
        if (movedTo === undefined || movedTo === peerId) throw error;
        peerId = movedTo;
      }
    }
  }

  /** Whether a link leads to a group or channel of another data centre. */
  isElsewhere(hash: string): boolean {
    const dc = dcOfInviteHash(hash);
    return dc !== undefined && this.#deps.homes?.others.includes(dc) === true;
  }

  /** Why a link leads nowhere. */
  #refusalOf(hash: string): RpcError {
    return rpcError(this.isElsewhere(hash) ? 'CHAT_ELSEWHERE' : 'INVITE_HASH_EXPIRED');
  }

  async #find(hash: string): Promise<Found | undefined> {
    const { db } = this.#deps;
    const peerId = await findInviteOwner(db, hash);
    if (peerId === undefined) return undefined;
    const [invite, row] = await Promise.all([findInvite(db, peerId, hash), this.#deps.chats.findRow(peerId)]);
    if (invite === undefined || row === undefined || standingIn(row, undefined, 0).closed) return undefined;
    return { peerId, invite, row };
  }

  #isOpen(invite: InviteRow): boolean {
    return !isInviteOver(invite, this.#deps.clock.now()) && !isInviteUsedUp(invite);
  }

  /** Where a link leads to, if it shows anything to the viewer: to members whatever has become of it, to others while it is valid, and nothing to people who are banned. */
  async #findShown(viewerId: bigint, hash: string): Promise<(Found & { isMember: boolean }) | undefined> {
    const found = await this.#find(hash);
    if (found === undefined) return undefined;
    const { status } = standingIn(found.row, await this.#deps.chats.findMember(found.peerId, viewerId), this.#deps.clock.now());
    if (status !== 'member' && (status === 'banned' || !this.#isOpen(found.invite))) return undefined;
    return { ...found, isMember: status === 'member' };
  }

  /** Members whom the viewer knows. Nobody else is shown to people outside. */
  async #listKnownIds(viewerId: bigint, { row }: Found): Promise<bigint[]> {
    const { db } = this.#deps;
    if (!isChatRow(row) && (row.kind === 'broadcast' || (row.flags & ChannelFlag.participantsHidden) !== 0)) return [];
    const { ids } = await this.#deps.contacts.listContactIds(viewerId);
    const { rows } = isChatRow(row) ? await db.run(listKnown.chat, [row.chat_id, ids]) : await db.run(listKnown.channel, [row.channel_id, ids]);
    return rows.map((known) => known.user_id);
  }
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
    marks: isChatRow(row) ? undefined : row,
  };
}
