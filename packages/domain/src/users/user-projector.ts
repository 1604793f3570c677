import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { BotRow, BotRows } from '../bot-rows/index.ts';
import type { Chats, Memberships } from '../chats/index.ts';
import type { AccessHashes, UserRow } from '../peers/index.ts';
import { type KnownViewer, namedGroups, NO_GROUPS, type OwnerPrivacy, type Privacy, UNTOUCHED } from '../privacy/index.ts';
import { NO_RELATION, type Relations } from '../relations/index.ts';
import type { DomainConfig, LoadingCache } from '../shared/index.ts';
import type { Languages } from './device-languages.ts';
import type { PresenceSubscriptions } from './presence-subscriptions.ts';
import { findStatus, projectUser, statusView, type UserFacts, type UserView } from './project-user.ts';

/** A projection of several users for one viewer. */
interface ListView extends UserView {
  ids: readonly bigint[];
  /** The access hashes in the order of `ids`; computed when first needed. */
  hashes: readonly bigint[] | undefined;
}

/** Projects the user at one index of the list; `row` is undefined if there is no such user. */
type ProjectOne<T> = (view: ListView, at: number, row: UserRow | undefined, facts: UserFacts) => T;

interface ProjectorParts {
  rows: LoadingCache<bigint, UserRow>;
  botRows: Pick<BotRows, 'peekRow' | 'findRows'>;
  relations: Relations;
  privacy: Privacy;
  languages: Pick<Languages, 'peek' | 'find'>;
  findMemberships: Chats['findMemberships'];
  accessHashes: AccessHashes;
  clock: Clock;
  config: Pick<DomainConfig, 'premium'>;
  presenceSubscriptions: PresenceSubscriptions;
  /** Returns the row with the newest known online date. */
  look: (row: UserRow) => UserRow;
}

const NO_BOT: { row: BotRow | undefined } = { row: undefined };
const NO_MEMBERSHIPS: Memberships = new Map();
const NO_BOTS: ReadonlyMap<bigint, BotRow> = new Map();

/** Projects users for a viewer, and records that the viewer was shown them. */
export class UserProjector {
  readonly #parts: ProjectorParts;

  constructor(parts: ProjectorParts) {
    this.#parts = parts;
  }

  /** Projects each of `ids` once; unknown ids become userEmpty. */
  projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]> {
    return this.#projectEach(viewerId, ids, this.#projectOne);
  }

  /** Same as `projectUsers`, but synchronous and from caches only; undefined if anything is not cached. */
  projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined {
    return this.#projectKnown(viewerId, ids, this.#projectOne);
  }

  /** Returns the online status of those of `ids` that have one. */
  async projectStatuses(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.contactStatus[]> {
    const statuses = await this.#projectEach(viewerId, ids, this.#statusOf);
    return statuses.filter((status) => status !== undefined);
  }

  /** Whether the viewer may see the user's exact online status. False for bots and deleted accounts. */
  async isOnlineShown(viewerId: bigint, userId: bigint): Promise<boolean> {
    const { rows, relations, privacy } = this.#parts;
    const [found, pairs, owners] = await Promise.all([
      rows.getMany([viewerId, userId]),
      relations.findRelations(viewerId, [userId]),
      privacy.findOwners([viewerId, userId]),
    ]);
    const row = found.get(userId);
    if (!row || row.bot || row.deleted) return false;
    const viewerPrivacy = owners.get(viewerId) ?? UNTOUCHED;
    const memberships = await this.#findMemberships(viewerId, [userId], owners);
    const view = this.#viewOf([userId], { id: viewerId, bot: found.get(viewerId)?.bot === true, groups: memberships.get(viewerId) ?? NO_GROUPS }, viewerPrivacy);
    const facts = { relation: pairs.get(userId) ?? NO_RELATION, owner: owners.get(userId) ?? UNTOUCHED, groups: memberships.get(userId) ?? NO_GROUPS };
    return statusView(view, row, facts) === 'exact';
  }

  /** Finds which groups the viewer is in that the rules of the users name, and which the users are in that those of the viewer name. */
  async #findMemberships(viewerId: bigint, userIds: readonly bigint[], owners: ReadonlyMap<bigint, OwnerPrivacy>): Promise<Memberships> {
    const theirs = namedGroups(owners.values());
    if (theirs.length === 0) return NO_MEMBERSHIPS;
    const { findMemberships } = this.#parts;
    const [ofViewer, ofUsers] = await Promise.all([findMemberships([viewerId], theirs), findMemberships(userIds, owners.get(viewerId)?.groups ?? [])]);
    return new Map([...ofUsers, ...ofViewer]);
  }

  #viewOf(ids: readonly bigint[], viewer: KnownViewer, viewerPrivacy: OwnerPrivacy): ListView {
    const { clock, config } = this.#parts;
    return { ids, hashes: undefined, viewer, viewerPrivacy, premium: config.premium, nowDate: clock.now() };
  }

  readonly #projectOne: ProjectOne<tl.User> = (view, at, row, facts) => {
    if (!row) return { _: 'userEmpty', id: view.ids[at]! };
    const { accessHashes, look } = this.#parts;
    view.hashes ??= accessHashes.ofAll('user', view.viewer.id, view.ids);
    return projectUser(view, look(row), facts, view.hashes[at]!);
  };

  readonly #statusOf: ProjectOne<tl.contactStatus | undefined> = (view, at, row, facts) => {
    const status = row && findStatus(view, this.#parts.look(row), facts);
    return status && { _: 'contactStatus', user_id: view.ids[at]!, status };
  };

  // Each pushed message mentions two users who are nearly always cached, so this path avoids creating a promise.
  #projectKnown<T>(viewerId: bigint, ids: readonly bigint[], project: ProjectOne<T>): T[] | undefined {
    const { rows, botRows, relations, privacy, languages, presenceSubscriptions } = this.#parts;
    const viewerPrivacy = privacy.peekOwner(viewerId);
    // This path reads only caches, and memberships are not cached. So it gives up where a privacy rule of the viewer names groups.
    if (!viewerPrivacy || viewerPrivacy.groups !== undefined || !rows.isKnown(viewerId)) return undefined;
    const view = this.#viewOf(ids, { id: viewerId, bot: rows.peek(viewerId)?.bot === true, groups: NO_GROUPS }, viewerPrivacy);
    const made: T[] = [];
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      const relation = relations.peekRelation(viewerId, id);
      const owner = privacy.peekOwner(id);
      const row = rows.peek(id);
      if (!relation || !owner || owner.groups !== undefined || (!row && !rows.isKnown(id))) return undefined;
      const bot = row?.bot === true ? botRows.peekRow(id) : NO_BOT;
      const language = view.viewer.bot && row?.bot === false ? languages.peek(id) : '';
      if (!bot || language === undefined) return undefined;
      made.push(project(view, at, row, { relation, owner, groups: NO_GROUPS, bot: bot.row, language }));
    }
    presenceSubscriptions.noteAll(viewerId, ids);
    return made;
  }

  async #projectEach<T>(viewerId: bigint, ids: Iterable<bigint>, project: ProjectOne<T>): Promise<T[]> {
    const wanted = listOnce(ids);
    if (wanted.length === 0) return [];
    const known = this.#projectKnown(viewerId, wanted, project);
    if (known) return known;
    const { rows, botRows, relations, privacy, languages, presenceSubscriptions } = this.#parts;
    const [found, pairs, owners] = await Promise.all([
      rows.getMany([viewerId, ...wanted]),
      relations.findRelations(viewerId, wanted),
      privacy.findOwners([viewerId, ...wanted]),
    ]);
    const botIds = wanted.filter((id) => found.get(id)?.bot === true);
    const bots = botIds.length === 0 ? NO_BOTS : await botRows.findRows(botIds);
    presenceSubscriptions.noteAll(viewerId, wanted);
    const memberships = await this.#findMemberships(viewerId, wanted, owners);
    const view = this.#viewOf(wanted, { id: viewerId, bot: found.get(viewerId)?.bot === true, groups: memberships.get(viewerId) ?? NO_GROUPS }, owners.get(viewerId) ?? UNTOUCHED);
    // Only bots are told languages.
    const spoken = view.viewer.bot ? await languages.find(wanted.filter((id) => found.get(id)?.bot === false)) : undefined;
    return wanted.map((id, at) => {
      const facts = { relation: pairs.get(id) ?? NO_RELATION, owner: owners.get(id) ?? UNTOUCHED, groups: memberships.get(id) ?? NO_GROUPS };
      return project(view, at, found.get(id), { ...facts, bot: bots.get(id), language: spoken?.get(id) });
    });
  }
}

/** Removes duplicates, keeping the order. Long lists are mostly in ascending order already and are returned as they are. */
function listOnce(ids: Iterable<bigint>): readonly bigint[] {
  const list = Array.isArray(ids) ? (ids as readonly bigint[]) : [...ids];
  return list.every((id, at) => at === 0 || list[at - 1]! < id) ? list : [...new Set(list)];
}
