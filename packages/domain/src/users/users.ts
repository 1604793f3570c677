import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

import type { UserHint } from '../events/index.ts';
import { type AccessHashes, findUserRows, type UserRow } from '../peers/index.ts';
import { type OwnerPrivacy, type Privacy, UNTOUCHED } from '../privacy/index.ts';
import { NO_RELATION, type Relation, type Relations, reverseRelation } from '../relations/index.ts';
import { type DomainDeps, LoadingCache, onAccountHint, publishAccountHint } from '../shared/index.ts';
import { Interest } from './interest.ts';
import { createPresence, type Presence, type PresenceSign } from './presence.ts';
import { findStatus, projectStatus, projectUser, type StatusView, statusView, type UserView } from './project-user.ts';

/** Users of this DC. */
export interface Users extends AsyncDisposable {
  findRow(userId: bigint): Promise<UserRow | undefined>;
  findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>;
  /** The user who is logged in with a confirmed phone number (digits only). */
  findByPhone(phone: string): Promise<UserRow | undefined>;
  findByUsername(username: string): Promise<UserRow | undefined>;
  /** Each of `ids` once, as `viewerId` sees them; unknown ones as userEmpty. Also notes that the viewer looked. */
  projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
  /** When those of `ids` who have a status were online, as far as `viewerId` may see it. Also notes that the viewer looked. */
  projectStatuses(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.contactStatus[]>;
  /** Whether `viewerId` is shown exactly when the user is online. Bots and deleted accounts show it to nobody. */
  isOnlineShown(viewerId: bigint, userId: bigint): Promise<boolean>;
  /** The same as {@link Users.projectUsers} at once, without a read: undefined when something of it is not known here. */
  projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined;
  /** What lies between the viewer and another user: contact entries and blocks of both sides. */
  findRelation(viewerId: bigint, targetId: bigint): Promise<Relation>;
  /**
   * Shows a change, after {@link userChanged}, to those who were shown the user lately, whichever process serves them. To whoever
   * has the user as a contact, the user is called as in the contact list. Others get it with the user itself.
   */
  showChange(userId: bigint, update: tl.Update): void;
  /** Notes account.updateStatus; written and pushed within 5 s. */
  doUpdateStatus(userId: bigint, online: boolean): void;
  /** Notes that the user sent, typed or read something, and so is online; written and pushed within 5 s. */
  noteSign(userId: bigint, sign: PresenceSign): void;
  readonly presence: Presence;
  /** Says, after commit, that the row changed. */
  userChanged(userId: bigint): void;
}

const MAX_ROWS = 100_000;

/** Who is looked at, and by whom. */
interface ListView extends UserView {
  ids: readonly bigint[];
  /** Of the access hashes, in the order of `ids`, once they were asked for. */
  hashes: readonly bigint[] | undefined;
}

/** What becomes of the user at a place of the list; without a row there is no such user. */
type ProjectOne<T> = (view: ListView, at: number, row: UserRow | undefined, relation: Relation, owner: OwnerPrivacy) => T;

/** Makes the users subject. */
export function createUsers(
  deps: DomainDeps,
  parts: { accessHashes: AccessHashes; privacy: Privacy; relations: Relations },
): Users {
  const { db, bus, clock } = deps;
  const { privacy, relations, accessHashes } = parts;
  const rows = new LoadingCache<bigint, UserRow>({ maxEntries: MAX_ROWS, load: (ids) => findUserRows(db, ids) });
  const interest = new Interest(clock);

  /** From the side of the one who is looked at: one read for all who look. */
  const findLookers = async (userId: bigint): Promise<Map<bigint, Relation>> => {
    const lookers = interest.listViewers(userId);
    if (lookers.length === 0) return new Map();
    const pairs = await relations.findRelations(userId, lookers);
    return new Map(lookers.map((id) => [id, reverseRelation(pairs.get(id) ?? NO_RELATION)]));
  };

  /** How much those who were shown the user lately see of the user's status. */
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
  /** Shows the status anew to those who see the user online, or now may; who was away before is no less so. */
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

  /** The row as of now. */
  const look = (row: UserRow): UserRow => {
    const pending = presence.findPending(row.user_id);
    return pending === undefined ? row : { ...row, online_date: pending };
  };

  const projectOne: ProjectOne<tl.User> = (view, at, row, relation, owner) => {
    if (!row) return { _: 'userEmpty', id: view.ids[at]! };
    view.hashes ??= accessHashes.ofAll('user', view.viewer.id, view.ids);
    return projectUser(view, look(row), relation, owner, view.hashes[at]!);
  };

  const statusOf: ProjectOne<tl.contactStatus | undefined> = (view, at, row, relation, owner) => {
    const status = row && findStatus(view, look(row), relation, owner);
    return status && { _: 'contactStatus', user_id: view.ids[at]!, status };
  };

  // Each message that is pushed names two users who are known nearly always: no promise is made for them.
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
      made.push(project(view, at, row, relation, owner));
    }
    interest.noteAll(viewerId, ids);
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
    interest.noteAll(viewerId, wanted);
    const view = viewOf(viewerId, wanted, found.get(viewerId), owners.get(viewerId) ?? UNTOUCHED);
    return wanted.map((id, at) => project(view, at, found.get(id), pairs.get(id) ?? NO_RELATION, owners.get(id) ?? UNTOUCHED));
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

/** Each once, in their order. Long lists ascend, mostly. */
function listOnce(ids: Iterable<bigint>): readonly bigint[] {
  const list = Array.isArray(ids) ? (ids as readonly bigint[]) : [...ids];
  return list.every((id, at) => at === 0 || list[at - 1]! < id) ? list : [...new Set(list)];
}
