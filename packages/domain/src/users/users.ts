import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

import type { UserHint } from '../events/index.ts';
import { type AccessHashes, findUserRows, type UserRow } from '../peers/index.ts';
import { type OwnerPrivacy, type Privacy, UNTOUCHED } from '../privacy/index.ts';
import { NO_RELATION, type Relation, type Relations, reverseRelation } from '../relations/index.ts';
import { type DomainDeps, LoadingCache, onAccountHint, publishAccountHint } from '../shared/index.ts';
import { PresenceSubscriptions } from './presence-subscriptions.ts';
import { createPresence, type Presence, type PresenceSign } from './presence.ts';
import { findStatus, projectStatus, projectUser, type StatusView, statusView, type UserFacts, type UserView } from './project-user.ts';

/** The users of this data centre. */
export interface Users extends AsyncDisposable {
  findRow(userId: bigint): Promise<UserRow | undefined>;
  findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>;
  /**
   * Finds the user with this confirmed phone number.
   * @param phone digits only
   */
  findByPhone(phone: string): Promise<UserRow | undefined>;
  findByUsername(username: string): Promise<UserRow | undefined>;
  /**
   * Projects each of `ids` once, as `viewerId` sees it; unknown ids become userEmpty. Also records that the viewer was shown these users.
   */
  projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
  /**
   * Returns the online status of those of `ids` that have one, as `viewerId` may see it. Also records that the viewer was shown these
   * users.
   */
  projectStatuses(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.contactStatus[]>;
  /** Whether `viewerId` may see the user's exact online status. False for bots and deleted accounts. */
  isOnlineShown(viewerId: bigint, userId: bigint): Promise<boolean>;
  /** Same as {@link Users.projectUsers}, but synchronous and from caches only; undefined if anything is not cached. */
  projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined;
  /** The relation between the viewer and another user: contact entries and blocks, in both directions. */
  findRelation(viewerId: bigint, targetId: bigint): Promise<Relation>;
  /**
   * Pushes a change to the viewers who were recently shown the user, whichever process serves them; call it after {@link userChanged}.
   * Viewers who have the user as a contact get the name from their contact list. Other viewers get the change with the user object the next
   * time.
   */
  showChange(userId: bigint, update: tl.Update): void;
  /** Records a call of account.updateStatus, to be written and pushed within 5 seconds. */
  doUpdateStatus(userId: bigint, online: boolean): void;
  /** Records that the user sent, typed or read something and so is online, to be written and pushed within 5 seconds. */
  noteSign(userId: bigint, sign: PresenceSign): void;
  readonly presence: Presence;
  /** After the commit, drops the row from all caches and publishes a hint that it changed. */
  userChanged(userId: bigint): void;
}

const MAX_ROWS = 100_000;

/** A projection of several users for one viewer. */
interface ListView extends UserView {
  ids: readonly bigint[];
  /** The access hashes in the order of `ids`; computed when first needed. */
  hashes: readonly bigint[] | undefined;
}

/** Projects the user at one index of the list; `row` is undefined if there is no such user. */
type ProjectOne<T> = (view: ListView, at: number, row: UserRow | undefined, facts: UserFacts) => T;

/** Creates the user operations. */
export function createUsers(
  deps: DomainDeps,
  parts: { accessHashes: AccessHashes; privacy: Privacy; relations: Relations },
): Users {
  const { db, bus, clock } = deps;
  const { privacy, relations, accessHashes } = parts;
  const rows = new LoadingCache<bigint, UserRow>({ maxEntries: MAX_ROWS, load: (ids) => findUserRows(db, ids) });
  const presenceSubscriptions = new PresenceSubscriptions(clock);

  /**
   * Finds the recent viewers of a user with their relations to the user. Reading the relations from the user's side takes one query for all
   * viewers.
   */
  const findLookers = async (userId: bigint): Promise<Map<bigint, Relation>> => {
    const lookers = presenceSubscriptions.listViewers(userId);
    if (lookers.length === 0) return new Map();
    const pairs = await relations.findRelations(userId, lookers);
    return new Map(lookers.map((id) => [id, reverseRelation(pairs.get(id) ?? NO_RELATION)]));
  };

  /** Finds how precisely each recent viewer sees the user's status. */
  const findStatusViews = async (userId: bigint): Promise<{ row: UserRow | undefined; views: [viewerId: bigint, view: StatusView][] }> => {
    const lookers = await findLookers(userId);
    if (lookers.size === 0) return { row: undefined, views: [] };
    const [found, owners] = await Promise.all([
      rows.getMany([userId, ...lookers.keys()]),
      privacy.findOwners([userId, ...lookers.keys()]),
    ]);
    const row = found.get(userId);
    if (!row) return { row, views: [] };
    const views = [...lookers].map(([id, relation]): [bigint, StatusView] => {
      const view = { viewer: { id, bot: found.get(id)?.bot === true }, viewerPrivacy: owners.get(id) ?? UNTOUCHED };
      return [id, statusView(view, row, relation, owners.get(userId) ?? UNTOUCHED)];
    });
    return { row, views };
  };

  const listStatusViewers = async (userId: bigint): Promise<bigint[]> => {
    const { views } = await findStatusViews(userId);
    return views.flatMap(([id, view]) => (view === 'exact' ? [id] : []));
  };

  const presence = createPresence({ ...deps, listStatusViewers }, (userId, onlineDate) => {
    const row = rows.peek(userId);
    if (row) row.online_date = onlineDate;
  });
  let showing: Promise<void> = Promise.resolve();
  const show = async (userId: bigint, change: tl.Update): Promise<void> => {
    for (const [owner, { contact }] of await findLookers(userId)) {
      const named = change._ === 'updateUserName' && contact !== undefined;
      const update = named ? { ...change, first_name: contact.first_name, last_name: contact.last_name } : change;
      bus.publish(userTopic(owner), { kind: 'transient', owner, update } satisfies UserHint);
    }
  };
  /** Pushes the status again to the viewers who see, or may now see, that the user is online. Nothing is pushed for an offline user. */
  const showStatus = async (userId: bigint): Promise<void> => {
    const { row, views } = await findStatusViews(userId);
    const nowDate = clock.now();
    if (!row || look(row).online_date <= nowDate) return;
    for (const [owner, view] of views) {
      if (view === 'none') continue;
      const update: tl.updateUserStatus = { _: 'updateUserStatus', user_id: userId, status: projectStatus(look(row), view, nowDate) };
      bus.publish(userTopic(owner), { kind: 'transient', owner, update } satisfies UserHint);
    }
  };
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'user') rows.invalidate(hint.userId);
    if (hint.kind !== 'shown' && hint.kind !== 'status_view') return;
    showing = showing
      .then(() => (hint.kind === 'shown' ? show(hint.userId, hint.update) : showStatus(hint.userId)))
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'a change of a user was not shown');
      });
  });
  const reconnected = bus.onReconnect(() => rows.clear());

  const viewOf = (viewerId: bigint, ids: readonly bigint[], row: UserRow | undefined, viewerPrivacy: OwnerPrivacy): ListView => ({
    ids,
    hashes: undefined,
    viewer: { id: viewerId, bot: row?.bot === true },
    viewerPrivacy,
    nowDate: clock.now(),
  });

  /** The row with the newest known online date. */
  const look = (row: UserRow): UserRow => {
    const pending = presence.findPending(row.user_id);
    return pending === undefined ? row : { ...row, online_date: pending };
  };

  const projectOne: ProjectOne<tl.User> = (view, at, row, facts) => {
    if (!row) return { _: 'userEmpty', id: view.ids[at]! };
    view.hashes ??= accessHashes.ofAll('user', view.viewer.id, view.ids);
    return projectUser(view, look(row), facts, view.hashes[at]!);
  };

  const statusOf: ProjectOne<tl.contactStatus | undefined> = (view, at, row, { relation, owner }) => {
    const status = row && findStatus(view, look(row), relation, owner);
    return status && { _: 'contactStatus', user_id: view.ids[at]!, status };
  };

  // Each pushed message mentions two users who are nearly always cached, so this path avoids creating a promise.
  const projectKnown = <T>(viewerId: bigint, ids: readonly bigint[], project: ProjectOne<T>): T[] | undefined => {
    const viewerPrivacy = privacy.peekOwner(viewerId);
    if (!viewerPrivacy || !rows.isKnown(viewerId)) return undefined;
    const view = viewOf(viewerId, ids, rows.peek(viewerId), viewerPrivacy);
    const made: T[] = [];
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      const relation = relations.peekRelation(viewerId, id);
      const owner = privacy.peekOwner(id);
      const row = rows.peek(id);
      if (!relation || !owner || (!row && !rows.isKnown(id))) return undefined;
      made.push(project(view, at, row, { relation, owner }));
    }
    presenceSubscriptions.noteAll(viewerId, ids);
    return made;
  };

  const projectEach = async <T>(viewerId: bigint, ids: Iterable<bigint>, project: ProjectOne<T>): Promise<T[]> => {
    const wanted = listOnce(ids);
    if (wanted.length === 0) return [];
    const known = projectKnown(viewerId, wanted, project);
    if (known) return known;
    const [found, pairs, owners] = await Promise.all([
      rows.getMany([viewerId, ...wanted]),
      relations.findRelations(viewerId, wanted),
      privacy.findOwners([viewerId, ...wanted]),
    ]);
    presenceSubscriptions.noteAll(viewerId, wanted);
    const view = viewOf(viewerId, wanted, found.get(viewerId), owners.get(viewerId) ?? UNTOUCHED);
    return wanted.map((id, at) => project(view, at, found.get(id), { relation: pairs.get(id) ?? NO_RELATION, owner: owners.get(id) ?? UNTOUCHED }));
  };

  return {
    findRow: (userId) => rows.get(userId),
    findRows: (ids) => rows.getMany(ids),
    async findByPhone(phone) {
      const entry = await db.q
        .selectFrom('phones')
        .select('user_id')
        .where('phone', '=', phone)
        .where('confirmed', '=', true)
        .executeTakeFirst();
      return entry && rows.get(entry.user_id);
    },
    async findByUsername(username) {
      const entry = await db.q
        .selectFrom('usernames')
        .select('peer_id')
        .where('name', '=', username.toLowerCase())
        .where('confirmed', '=', true)
        .executeTakeFirst();
      return entry && entry.peer_id > 0n ? rows.get(entry.peer_id) : undefined;
    },
    projectUsers: (viewerId, ids) => projectEach(viewerId, ids, projectOne),
    async projectStatuses(viewerId, ids) {
      const statuses = await projectEach(viewerId, ids, statusOf);
      return statuses.filter((status) => status !== undefined);
    },
    async isOnlineShown(viewerId, userId) {
      const [found, pairs, owners] = await Promise.all([
        rows.getMany([viewerId, userId]),
        relations.findRelations(viewerId, [userId]),
        privacy.findOwners([viewerId, userId]),
      ]);
      const row = found.get(userId);
      if (!row || row.bot || row.deleted) return false;
      const view = viewOf(viewerId, [userId], found.get(viewerId), owners.get(viewerId) ?? UNTOUCHED);
      return statusView(view, row, pairs.get(userId) ?? NO_RELATION, owners.get(userId) ?? UNTOUCHED) === 'exact';
    },
    projectKnownUsers: (viewerId, ids) => projectKnown(viewerId, ids, projectOne),
    async findRelation(viewerId, targetId) {
      const known = relations.peekRelation(viewerId, targetId);
      if (known) return known;
      const pairs = await relations.findRelations(viewerId, [targetId]);
      return pairs.get(targetId) ?? NO_RELATION;
    },
    showChange: (userId, update) => publishAccountHint(bus, { kind: 'shown', userId, update }),
    doUpdateStatus: (userId, online) => presence.setOnline(userId, online),
    noteSign: (userId, sign) => presence.noteSign(userId, sign),
    presence,
    userChanged(userId) {
      rows.invalidate(userId);
      publishAccountHint(bus, { kind: 'user', userId });
    },
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
      await showing;
      await presence[Symbol.asyncDispose]();
    },
  };
}

/** Removes duplicates, keeping the order. Long lists are mostly in ascending order already and are returned as they are. */
function listOnce(ids: Iterable<bigint>): readonly bigint[] {
  const list = Array.isArray(ids) ? (ids as readonly bigint[]) : [...ids];
  return list.every((id, at) => at === 0 || list[at - 1]! < id) ? list : [...new Set(list)];
}
