import type { Plain } from './driver-client.ts';
import type { Person } from './people-of-libraries.ts';
import { groupOf, eventually } from './supergroup-story.ts';

/** What admins choose for a link; all libraries know all of it. */
interface InviteTerms {
  title: string;
  /** Unix time in seconds at which it ends; 0 for never. */
  expireDate?: number;
  /** How many members may be in the group by it. */
  places?: number;
  /** Whether admins have to let people in. */
  asks?: boolean;
}

/** What admins see of a link. */
interface InviteInfo {
  title: string;
  expireDate: number;
  usage: number;
  places: number;
  requests: number;
  isRevoked: boolean;
}

/** What a library says when a link does not work. */
export const EXPIRED = /INVITE_HASH_EXPIRED|InviteHashExpired/;

type Exported = Plain & { link: string; title?: string; expire_date?: number; usage?: number; usage_limit?: number; requested?: number; revoked?: boolean };
type TdlibLink = Plain & { invite_link: string; name: string; expiration_date: number; member_count: number; member_limit: number; pending_join_request_count: number; is_revoked: boolean };

const onTdlib = ({ client }: Person): boolean => client.library === 'tdlib';
const EVERYBODY = { offset_date: 0, offset_user: { _: 'inputUserEmpty' }, limit: 100 };
const likeTdlib = ({ title, expireDate = 0, places = 0, asks = false }: InviteTerms): object => ({ name: title, expiration_date: expireDate, member_limit: places, creates_join_request: asks });
const likeSchema = ({ title, expireDate = 0, places = 0, asks = false }: InviteTerms): object => ({ title, expire_date: expireDate, usage_limit: places, request_needed: asks });

function infoOf(link: Plain): InviteInfo {
  if (link._ === 'chatInviteLink') {
    const { name, expiration_date, member_count, member_limit, pending_join_request_count, is_revoked } = link as TdlibLink;
    return { title: name, expireDate: expiration_date, usage: member_count, places: member_limit, requests: pending_join_request_count, isRevoked: is_revoked };
  }
  const { title, expire_date, usage, usage_limit, requested, revoked } = link as Exported;
  return { title: title ?? '', expireDate: expire_date ?? 0, usage: usage ?? 0, places: usage_limit ?? 0, requests: requested ?? 0, isRevoked: revoked ?? false };
}

/** Makes a new permanent link, which ends the one before. */
export async function makePermanentLink({ client }: Person, peer: number): Promise<string> {
  if (client.library === 'tdlib') return (await client.request<TdlibLink>({ _: 'replacePrimaryChatInviteLink', chat_id: peer })).invite_link;
  return ((await client.invoke('messages.exportChatInvite', { peer: { $peer: peer }, legacy_revoke_permanent: true })) as Exported).link;
}

/** Makes a further link. */
export async function makeLink(person: Person, peer: number, terms: InviteTerms): Promise<string> {
  const { client } = person;
  if (onTdlib(person)) return (await client.request<TdlibLink>({ _: 'createChatInviteLink', chat_id: peer, ...likeTdlib(terms) })).invite_link;
  return ((await client.invoke('messages.exportChatInvite', { peer: { $peer: peer }, ...likeSchema(terms) })) as Exported).link;
}

export async function editLink(person: Person, peer: number, link: string, terms: InviteTerms): Promise<InviteInfo> {
  const { client } = person;
  if (onTdlib(person)) return infoOf(await client.request({ _: 'editChatInviteLink', chat_id: peer, invite_link: link, ...likeTdlib(terms) }));
  return infoOf((await client.invoke('messages.editExportedChatInvite', { peer: { $peer: peer }, link, ...likeSchema(terms) }))['invite'] as Plain);
}

export async function revokeLink(person: Person, peer: number, link: string): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'revokeChatInviteLink', chat_id: peer, invite_link: link });
  else await client.invoke('messages.editExportedChatInvite', { peer: { $peer: peer }, link, revoked: true });
}

/** What an admin sees of one link. */
export async function readLink(person: Person, peer: number, link: string): Promise<InviteInfo> {
  const { client } = person;
  if (onTdlib(person)) return infoOf(await client.request({ _: 'getChatInviteLink', chat_id: peer, invite_link: link }));
  return infoOf((await client.invoke('messages.getExportedChatInvite', { peer: { $peer: peer }, link }))['invite'] as Plain);
}

/** The own links of an admin, sorted. */
export async function listLinks(person: Person, peer: number, isRevoked: boolean): Promise<string[]> {
  const { client } = person;
  if (onTdlib(person)) {
    const ask: Plain = { _: 'getChatInviteLinks', chat_id: peer, creator_user_id: person.id, is_revoked: isRevoked, offset_date: 0, offset_invite_link: '', limit: 100 };
    return (await client.request<{ invite_links: TdlibLink[] }>(ask)).invite_links.map((one) => one.invite_link).toSorted();
  }
  const answer = await client.invoke('messages.getExportedChatInvites', { peer: { $peer: peer }, admin_id: { _: 'inputUserSelf' }, revoked: isRevoked, limit: 100 });
  return (answer['invites'] as Exported[]).map((one) => one.link).toSorted();
}

/** Who came by a link. */
export async function listImporters(person: Person, peer: number, link: string): Promise<number[]> {
  const { client } = person;
  if (onTdlib(person)) {
    const ask: Plain = { _: 'getChatInviteLinkMembers', chat_id: peer, invite_link: link, only_with_expired_subscription: false, offset_member: null, limit: 100 };
    return sorted((await client.request<{ members: { user_id: number }[] }>(ask)).members.map((one) => one.user_id));
  }
  return sorted(usersIn(await client.invoke('messages.getChatInviteImporters', { peer: { $peer: peer }, link, ...EVERYBODY })));
}

/** Who asks to be let in. */
export async function listRequests(person: Person, peer: number): Promise<number[]> {
  const { client } = person;
  if (onTdlib(person)) {
    const ask: Plain = { _: 'getChatJoinRequests', chat_id: peer, invite_link: '', query: '', offset_request: null, limit: 100 };
    return sorted((await client.request<{ requests: { user_id: number }[] }>(ask)).requests.map((one) => one.user_id));
  }
  return sorted(usersIn(await client.invoke('messages.getChatInviteImporters', { peer: { $peer: peer }, requested: true, ...EVERYBODY })));
}

/** Lets in everybody who asks by a link, or nobody. */
export async function answerAll(person: Person, peer: number, link: string, isApproved: boolean): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'processChatJoinRequests', chat_id: peer, invite_link: link, approve: isApproved });
  else await client.invoke('messages.hideAllChatJoinRequests', { peer: { $peer: peer }, link, approved: isApproved });
}

/** Deletes a revoked link. */
export async function deleteLink(person: Person, peer: number, link: string): Promise<void> {
  const { client } = person;
  if (onTdlib(person)) await client.request({ _: 'deleteRevokedChatInviteLink', chat_id: peer, invite_link: link });
  else await client.invoke('messages.deleteExportedChatInvite', { peer: { $peer: peer }, link });
}

/** How many links each admin has, by their ids: those that work, and the revoked ones. */
export async function countLinks(person: Person, peer: number): Promise<Record<number, [number, number]>> {
  const { client } = person;
  if (onTdlib(person)) {
    type Counts = { invite_link_counts: { user_id: number; invite_link_count: number; revoked_invite_link_count: number }[] };
    const { invite_link_counts: rows } = await client.request<Counts>({ _: 'getChatInviteLinkCounts', chat_id: peer });
    return Object.fromEntries(rows.map((row) => [row.user_id, [row.invite_link_count, row.revoked_invite_link_count]]));
  }
  const { admins } = (await client.invoke('messages.getAdminsWithInvites', { peer: { $peer: peer } })) as Plain & { admins: { admin_id: number; invites_count: number; revoked_invites_count: number }[] };
  return Object.fromEntries(admins.map((row) => [row.admin_id, [row.invites_count, row.revoked_invites_count]]));
}

/** Waits until an admin is told that exactly these people ask to be let in. */
export async function seesRequests({ client }: Person, peer: number, people: readonly Person[]): Promise<void> {
  const ids = sorted(people.map(({ id }) => id));
  await client.sees(`requests of ${ids.join()}`, (event) => {
    if (event.kind !== 'update') return false;
    const { update } = event;
    if (update._ === 'updateChatPendingJoinRequests') {
      const pending = update['pending_join_requests'] as { total_count: number; user_ids: number[] } | null;
      return update['chat_id'] === peer && isSame(sorted(pending?.user_ids ?? []), ids) && (pending?.total_count ?? 0) === ids.length;
    }
    return update._ === 'updatePendingJoinRequests' && markedId(update['peer'] as Plain) === peer && update['requests_pending'] === ids.length && isSame(sorted(update['recent_requesters'] as number[]), ids);
  });
}

/** Waits until a person's library shows that the person is in the group. */
export async function becomesMember(person: Person, peer: number): Promise<void> {
  await eventually('that he or she is a member', () => groupOf(person, peer).catch(() => ({ isMember: false })), ({ isMember }) => isMember);
}

const markedId = ({ _: kind, channel_id, chat_id }: Plain): number => (kind === 'peerChannel' ? -1_000_000_000_000 - Number(channel_id) : -Number(chat_id));
const usersIn = (answer: Plain): number[] => (answer['importers'] as { user_id: number }[]).map((one) => Number(one.user_id));
const sorted = (ids: readonly number[]): number[] => ids.map(Number).toSorted((a, b) => a - b);
const isSame = (one: readonly number[], other: readonly number[]): boolean => one.join() === other.join();
