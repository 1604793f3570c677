import type { Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { botSightOf, ChannelFlag, type ChannelRow, type Chats, hearsMessage, hiddenUpTo, isChatRow, type Memberships } from '../chats/index.ts';
import { isPlayable, listHearers, mentionedIn, withPlayable } from '../channel-state/index.ts';
import { type BoxEvent, channelIdOf, type PostRow } from '../events/index.ts';
import { type AccessHashes, type NamedPeers, type PeerProjector, PeerSet } from '../peers/index.ts';
import type { MessageFiller } from '../documents/index.ts';
import { namedGroups, type Privacy } from '../privacy/index.ts';
import type { Acquaintance, Acquaintances } from '../relations/index.ts';
import { fillHole, mayHear, projectChannelEvent } from './channel-events.ts';
import type { MemberView, MemberViews } from './member-views.ts';

/** A placeholder in an encoded object for a number that differs between viewers. */
export interface Mark {
  /** A random number, by which the placeholder is found in the encoded bytes. */
  value: bigint;
  /** Size of the number in the encoded object. */
  bytes: 4 | 8;
}

/**
 * Members of a channel whose devices get the same bytes for some events, except for a few numbers: the access hashes of the channel and of the users
 * that the events name, and the date on which the member joined.
 */
export interface PushClass {
  updates: tl.updates;
  /** The placeholders in `updates`. */
  marks: readonly Mark[];
  /** User ids of the members. */
  viewers: readonly bigint[];
  /** The numbers that replace the marks: those of the first viewer, then those of the second, and so on. Encoded as in TL, in the order of the marks. */
  own: Uint8Array;
}

/** How the members of a channel see some events. */
export interface PushClasses {
  classes: PushClass[];
  /** Members for whom the events must be projected one by one, because nobody else sees them alike. */
  others: bigint[];
}

/** The dependencies of {@link projectClasses}. */
export interface PushClassesDeps extends Pick<PeerProjector, 'projectPeers'> {
  db: Pick<Database, 'run'>;
  chats: Pick<Chats, 'findRow' | 'findMemberships'>;
  memberViews: Pick<MemberViews, 'find'>;
  acquaintances: Pick<Acquaintances, 'find'>;
  privacy: Pick<Privacy, 'findOwners'>;
  accessHashes: Pick<AccessHashes, 'ofViewers'>;
  messageFiller: MessageFiller;
  random: Pick<Random, 'int64' | 'uint31'>;
  clock: { now(): number };
  /** Called for a bot from which all of the events are hidden. */
  onHidden(botId: bigint, peerId: bigint, events: readonly BoxEvent[]): void;
}

/** An id that no user has. A post projected for it is what everybody sees except its author. */
const SOMEBODY = 0n;

const NO_MEMBERSHIPS: Memberships = new Map();

/** The updates about some events, and the peers that they name. */
interface Shown {
  updates: tl.Update[];
  peers: PeerSet;
  marks: readonly Mark[];
  nowDate: number;
}

/** Ordinary members who see some events alike. */
interface Alike {
  viewers: bigint[];
  /** When each of these joined. */
  dates: number[];
}

/** Members by how they see some events. */
interface Viewers {
  /** Ordinary members, grouped by whether they are a stranger or a contact to each of the named users, and in which of the groups that those name in their privacy rules. The key is that of {@link keyOfStrangers}. */
  alike: Map<string, Alike>;
  /** Members who may see the channel or a named user differently: the peers are projected for each of them, and equal views form a class. */
  single: bigint[];
  /** Members to whom the events themselves look different. */
  others: bigint[];
}

/**
 * Divides members into classes. The members of a class see the events, all users named in them, and the channel alike. Nearly all members are ordinary, and
 * strangers or only contacts to the named users: for a class of these, the peers are projected once, for its first member. Members from whom messages are
 * hidden are in separate classes, whose updates do not contain these messages. The channel is not sent as a `min` object, because Telethon cannot handle a
 * message in such a chat.
 * @returns undefined if there is no such channel
 */
export async function projectClasses(deps: PushClassesDeps, viewerIds: readonly bigint[], peerId: bigint, events: readonly BoxEvent[]): Promise<PushClasses | undefined> {
  const row = await deps.chats.findRow(peerId);
  if (row === undefined || isChatRow(row)) return undefined;
  const found: PushClasses = { classes: [], others: [] };
  if ((row.flags & ChannelFlag.deleted) !== 0) return found;
  const views = await deps.memberViews.find(peerId, viewerIds);
  // Updates that are not stored, such as reactions, are never pushed together with other events.
  const hearsAll = (view: MemberView): boolean => events.every((event) => event.kind !== 'update' || mayHear(event.update, { hidden: hiddenUpTo(row, view), bot: view.all_from ?? undefined }));
  // Of which messages a bot is told is decided for each of them. Most bots see few, so those that are told of none of the events are left out here.
  for (const view of views) {
    if (view === undefined || view.all_from === null || !hearsAll(view)) continue;
    if (hearsNone(view, events)) deps.onHidden(view.user_id, peerId, events);
    else found.others.push(view.user_id);
  }
  const people = views.map((view) => (view?.all_from === null && hearsAll(view) ? view : undefined));
  for (const [hidden, members] of groupByHidden(row, events, viewerIds, people)) await addClasses(deps, found, { peerId, events, hidden }, members);
  return found;
}

/** Whether all of the events are messages of which a bot is not told. Pure. */
function hearsNone(view: MemberView, events: readonly BoxEvent[]): boolean {
  const sight = botSightOf(view);
  // The cast is safe: all messages in the events of a channel are posts.
  return events.every((event) => 'message' in event && !hearsMessage(sight, event.message as PostRow));
}

/** Members from whom the same events are hidden. */
interface Members {
  viewerIds: bigint[];
  /** Their views, in the same order. */
  views: MemberView[];
}

/** Groups the members by the id of the last message of the events that is hidden from them; 0 for those who see all events. Users who are not members are left out. */
function groupByHidden(row: ChannelRow, events: readonly BoxEvent[], viewerIds: readonly bigint[], views: readonly (MemberView | undefined)[]): Map<number, Members> {
  const msgIds = events.flatMap((event) => ('message' in event ? [event.message.msg_id] : []));
  const oldest = Math.min(...msgIds);
  const groups = new Map<number, Members>();
  for (const [at, viewerId] of viewerIds.entries()) {
    const view = views[at];
    if (view === undefined) continue;
    const upTo = hiddenUpTo(row, view);
    const hidden = upTo < oldest ? 0 : Math.max(...msgIds.filter((msgId) => msgId <= upTo));
    let members = groups.get(hidden);
    if (members === undefined) groups.set(hidden, (members = { viewerIds: [], views: [] }));
    members.viewerIds.push(viewerId);
    members.views.push(view);
  }
  return groups;
}

/** Events of a channel for members from whom messages up to an id are hidden. */
interface Seen {
  peerId: bigint;
  events: readonly BoxEvent[];
  hidden: number;
}

async function addClasses(deps: PushClassesDeps, found: PushClasses, { peerId, events, hidden }: Seen, members: Members): Promise<void> {
  const nowDate = deps.clock.now();
  // A hidden event still counts in the pts, so an update without content takes its place.
  const updates = events.map((event) => projectChannelEvent(asUnplayed(event, nowDate), SOMEBODY, { hidden, bot: undefined }) ?? fillHole(peerId, event.pts, event.ptsCount));
  const peers = new PeerSet([peerId]);
  await deps.messageFiller.fillUpdates(updates, { named: peers });
  for (const update of updates) peers.addObject(update);
  if (peers.chats.length > 1) {
    // The events name other chats, which look different to each viewer.
    for (const viewerId of members.viewerIds) found.others.push(viewerId);
    return;
  }
  const { random } = deps;
  const marks: Mark[] = [{ value: random.int64(), bytes: 8 }, { value: BigInt(random.uint31()), bytes: 4 }, ...peers.users.map((): Mark => ({ value: random.int64(), bytes: 8 }))];
  const shown: Shown = { updates, peers, marks, nowDate };
  const played = events.flatMap((event) => (event.kind === 'edit_message' && isPlayable(event.message as PostRow, nowDate) ? [event.message.msg_id] : []));
  // A message looks different to its author, to those whom it mentions, and, if it is edited, to those who have played it.
  const concerned = new Set([
    ...events.flatMap((event) => ('message' in event && event.message.msg_id > hidden ? concerns(event.message as PostRow) : [])),
    ...(await listHearers(deps.db, channelIdOf(peerId), played)),
  ]);
  const viewers = divide(members, concerned, await findKnown(deps, peers.users, members.viewerIds), peers.users.length > 0);
  const alike = await Promise.all([...viewers.alike.values()].map((one) => classOfAlike(deps, shown, one, viewers.others)));
  for (const one of [...alike.flat(), ...(await classesOfSingle(deps, shown, viewers))]) found.classes.push(one);
  for (const viewerId of viewers.others) found.others.push(viewerId);
}

function divide(members: Members, concerned: ReadonlySet<bigint>, known: Known | undefined, namesUsers: boolean): Viewers {
  const viewers: Viewers = { alike: new Map(), single: [], others: [] };
  for (const [at, viewerId] of members.viewerIds.entries()) {
    const view = members.views[at]!;
    if (concerned.has(viewerId)) {
      viewers.others.push(viewerId);
      continue;
    }
    const key = namesUsers ? keyOfStrangers(known, viewerId) : '';
    if (key === undefined || !view.isOrdinary || (namesUsers && !view.seesStrangersAlike)) {
      viewers.single.push(viewerId);
      continue;
    }
    let alike = viewers.alike.get(key);
    if (alike === undefined) viewers.alike.set(key, (alike = { viewers: [], dates: [] }));
    alike.viewers.push(viewerId);
    alike.dates.push(view.date);
  }
  return viewers;
}

/** Whom each of the named users is acquainted with. */
interface Known {
  acquaintances: ReadonlyMap<bigint, Acquaintance>[];
  /** The named users, and those whom their privacy rules name. */
  named: ReadonlySet<bigint>;
  /** The groups that the privacy rules of the named users name, and who is in them. */
  groups: readonly bigint[];
  memberships: Memberships;
}

/** If the named users name more groups in their privacy rules, the peers are projected for each viewer. */
const GROUPS_MAX = 8;

/** Finds the acquaintances of the named users; undefined if one of them has too many to be listed, or they name too many groups in their rules. */
async function findKnown(deps: Pick<PushClassesDeps, 'acquaintances' | 'privacy' | 'chats'>, userIds: readonly bigint[], viewerIds: readonly bigint[]): Promise<Known | undefined> {
  if (userIds.length === 0) return { acquaintances: [], named: new Set(), groups: [], memberships: NO_MEMBERSHIPS };
  const [found, owners] = await Promise.all([deps.acquaintances.find(userIds), deps.privacy.findOwners(userIds)]);
  const named = [...owners.values()].flatMap(({ rules }) => [...rules.values()].flatMap((all) => all.flatMap(({ ids }) => ids)));
  const acquaintances = found.filter((one) => one !== undefined);
  const groups = namedGroups(owners.values());
  if (acquaintances.length < found.length || groups.length > GROUPS_MAX) return undefined;
  return { acquaintances, named: new Set([...userIds, ...named]), groups, memberships: groups.length === 0 ? NO_MEMBERSHIPS : await deps.chats.findMemberships(viewerIds, groups) };
}

/** Returns a key that is equal for ordinary members who see the named users alike; undefined for a viewer who may see one of them differently from all others. */
function keyOfStrangers(known: Known | undefined, viewerId: bigint): string | undefined {
  if (known === undefined || known.named.has(viewerId)) return undefined;
  let key = '';
  for (const acquaintances of known.acquaintances) {
    const how = acquaintances.get(viewerId);
    if (how === 'other') return undefined;
    key += how === undefined ? '-' : 'c';
  }
  const memberOf = known.groups.length === 0 ? undefined : known.memberships.get(viewerId);
  for (const group of known.groups) key += memberOf?.has(group) === true ? 'g' : '-';
  return key;
}

/** Makes one class of members who see the events alike. @param others the members are added to it if they cannot form a class */
async function classOfAlike(deps: PushClassesDeps, shown: Shown, { viewers: alike, dates }: Alike, others: bigint[]): Promise<PushClass[]> {
  const first = alike[0]!;
  const { peers, marks } = shown;
  const view = viewOf(await deps.projectPeers(first, peers));
  if (view === undefined) {
    for (const viewerId of alike) others.push(viewerId);
    return [];
  }
  const { channel, users } = view;
  const hashes = [deps.accessHashes.ofViewers('channel', alike, channel.id), ...users.map((user) => deps.accessHashes.ofViewers('user', alike, user.id))];
  const own = Buffer.allocUnsafe(alike.length * sizeOf(marks));
  let to = 0;
  for (let at = 0; at < alike.length; at++) {
    for (let n = 0; n < hashes.length; n++) {
      to += hashes[n]!.copy(own, to, at * HASH_BYTES, (at + 1) * HASH_BYTES);
      if (n === 0) to = own.writeInt32LE(dates[at]!, to);
    }
  }
  return [{ updates: withMarks(shown, view), marks, viewers: alike, own }];
}

/** Projects the peers for each of these members, and makes a class of those whose views are equal. */
async function classesOfSingle(deps: PushClassesDeps, shown: Shown, { single, others }: Viewers): Promise<PushClass[]> {
  const views = await Promise.all(single.map(async (viewerId) => viewOf(await deps.projectPeers(viewerId, shown.peers))));
  const classes = new Map<string, { updates: tl.updates; viewers: bigint[]; numbers: bigint[] }>();
  for (const [at, viewerId] of single.entries()) {
    const view = views[at];
    if (view === undefined) {
      others.push(viewerId);
      continue;
    }
    const { channel, users } = view;
    const key = keyOf({ ...channel, date: 0 }, users);
    const one = classes.get(key) ?? { updates: withMarks(shown, view), viewers: [], numbers: [] };
    classes.set(key, one);
    one.viewers.push(viewerId);
    one.numbers.push(channel.access_hash ?? 0n, BigInt(channel.date), ...users.map((user) => user.access_hash ?? 0n));
  }
  return [...classes.values()].map(({ updates, viewers, numbers }) => ({ updates, marks: shown.marks, viewers, own: encodeNumbers(numbers, shown.marks) }));
}

const HASH_BYTES = 8;

/** The bytes that the numbers of one viewer take. */
function sizeOf(marks: readonly Mark[]): number {
  return marks.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Encodes the numbers of several viewers as TL does. */
function encodeNumbers(numbers: readonly bigint[], marks: readonly Mark[]): Buffer {
  const own = Buffer.allocUnsafe((numbers.length / Math.max(1, marks.length)) * sizeOf(marks));
  let to = 0;
  for (const [at, number] of numbers.entries()) {
    to = marks[at % marks.length]!.bytes === 8 ? own.writeBigInt64LE(BigInt.asIntN(64, number), to) : own.writeInt32LE(Number(number), to);
  }
  return own;
}

/** How one viewer sees the channel and the named users. */
interface View {
  channel: tl.channel;
  users: readonly tl.user[];
}

/** Returns the view; undefined if the peers include anything but a `channel` and `user` objects, such as a user who does not exist. */
function viewOf({ users, chats: [channel] }: NamedPeers): View | undefined {
  return channel?._ === 'channel' && users.every((user) => user._ === 'user') ? { channel, users } : undefined;
}

/** The event as somebody sees it who has played none of its messages. */
function asUnplayed(event: BoxEvent, nowDate: number): BoxEvent {
  return 'message' in event ? { ...event, message: withPlayable(event.message as PostRow, nowDate) } : event;
}

function concerns(post: PostRow): bigint[] {
  return [post.poster_id, ...mentionedIn(post)];
}

function withMarks({ updates, marks, nowDate }: Shown, { channel, users }: View): tl.updates {
  const [ofChannel, ofDate, ...ofUsers] = marks;
  return {
    _: 'updates',
    updates,
    users: users.map((user, at) => ({ ...user, access_hash: ofUsers[at]!.value })),
    chats: [{ ...channel, access_hash: ofChannel!.value, date: Number(ofDate!.value) }],
    date: nowDate,
    seq: 0,
  };
}

/** Returns a key that is equal for two viewers if the channel and all users look the same to them, apart from access hashes. */
function keyOf(channel: tl.channel, users: readonly tl.user[]): string {
  return JSON.stringify([channel, users], (name, value: unknown) => (typeof value === 'bigint' ? (name === 'access_hash' ? undefined : String(value)) : value));
}
