import { userTopic } from '@aerogram/bus';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { onAccountHint, publishAccountHint } from '../account-hints.ts';
import { NO_RELATION, type Relation } from '../contacts/relation.ts';
import type { Relations } from '../contacts/relations.ts';
import type { DomainDeps } from '../deps.ts';
import { LoadingCache } from '../loading-cache.ts';
import type { Privacy } from '../privacy/privacy.ts';
import type { UserHint } from '../updates/box-event.ts';
import type { AccessHashes } from './access-hash.ts';
import { checkedAbout, checkedNames, checkUsername } from './check-name.ts';
import { Interest } from './interest.ts';
import { createPresence, type Presence } from './presence.ts';
import { projectUser, type UserView } from './project-user.ts';
import { type ProfileChange, saveProfile, saveUsername } from './user-store.ts';
import { findUserRows, type UserRow } from './user-row.ts';

/** Users of this DC. */
export interface Users extends AsyncDisposable {
  findRow(userId: bigint): Promise<UserRow | undefined>;
  findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>;
  /** The user who is logged in with a confirmed phone number (digits only). */
  findByPhone(phone: string): Promise<UserRow | undefined>;
  findByUsername(username: string): Promise<UserRow | undefined>;
  /** Each of `ids` once, as `viewerId` sees them; unknown ones as userEmpty. Also notes that the viewer looked. */
  projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
  /** What lies between the viewer and another user: contact entries of both sides. */
  findRelation(viewerId: bigint, targetId: bigint): Promise<Relation>;
  /** Changes names or bio. @throws RpcError 400 FIRSTNAME_INVALID, LASTNAME_INVALID, ABOUT_TOO_LONG */
  doUpdateProfile(userId: bigint, change: ProfileChange): Promise<tl.User>;
  /** Sets or, with '', removes the username. @throws RpcError 400 USERNAME_INVALID, USERNAME_OCCUPIED, USERNAME_NOT_MODIFIED */
  doUpdateUsername(userId: bigint, username: string): Promise<tl.User>;
  /** Whether the user could take this name. @throws RpcError 400 USERNAME_INVALID */
  isUsernameFree(userId: bigint, username: string): Promise<boolean>;
  /** Notes account.updateStatus; written and pushed within 5 s. */
  doUpdateStatus(userId: bigint, online: boolean): void;
  readonly presence: Presence;
  listLookers(userId: bigint): bigint[];
  /** Says, after commit, that the row changed. */
  userChanged(userId: bigint): void;
}

const MAX_ROWS = 100_000;

/** Makes the users subject. */
export function createUsers(
  deps: DomainDeps,
  parts: { accessHashes: AccessHashes; privacy: Privacy; relations: Relations },
): Users {
  const { db, bus, clock } = deps;
  const rows = new LoadingCache<bigint, UserRow>({ maxEntries: MAX_ROWS, load: (ids) => findUserRows(db.q, ids) });
  const interest = new Interest(clock);
  const presence = createPresence({ ...deps, interest }, (userId, onlineDate) => {
    const row = rows.peek(userId);
    if (row) row.online_date = onlineDate;
  });
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'user') rows.invalidate(hint.userId);
  });
  const reconnected = bus.onReconnect(() => rows.clear());

  const userChanged = (userId: bigint): void => {
    rows.invalidate(userId);
    publishAccountHint(bus, { kind: 'user', userId });
  };

  const projectUsers = async (viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]> => {
    const wanted = [...new Set(ids)];
    const [found, relations] = await Promise.all([rows.getMany(wanted), parts.relations.findRelations(viewerId, wanted)]);
    const view: UserView = { ...parts, viewerId, nowDate: clock.now() };
    return wanted.map((id) => {
      const row = found.get(id);
      if (!row) return { _: 'userEmpty', id };
      interest.note(viewerId, id);
      const pending = presence.findPending(id);
      return projectUser(view, pending === undefined ? row : { ...row, online_date: pending }, relations.get(id) ?? NO_RELATION);
    });
  };

  const projectSelf = async (userId: bigint): Promise<tl.User> => {
    const [self] = await projectUsers(userId, [userId]);
    if (!self) throw rpcError('USER_ID_INVALID');
    return self;
  };

  /** Names are not in the update log: whoever was away gets them with the user itself. */
  const pushName = async (userId: bigint): Promise<void> => {
    const row = await rows.get(userId);
    if (!row) return;
    const update: tl.updateUserName = {
      _: 'updateUserName',
      user_id: userId,
      first_name: row.first_name,
      last_name: row.last_name,
      usernames: row.username === null ? [] : [{ _: 'username', editable: true, active: true, username: row.username }],
    };
    for (const owner of [userId, ...interest.listViewers(userId)]) {
      bus.publish(userTopic(owner), { kind: 'transient', owner, update } satisfies UserHint);
    }
  };

  const findByUsername = async (username: string): Promise<UserRow | undefined> => {
    const entry = await db.q
      .selectFrom('usernames')
      .select('peer_id')
      .where('name', '=', username.toLowerCase())
      .where('confirmed', '=', true)
      .executeTakeFirst();
    return entry && entry.peer_id > 0n ? rows.get(entry.peer_id) : undefined;
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
    findByUsername,
    projectUsers,
    async findRelation(viewerId, targetId) {
      const relations = await parts.relations.findRelations(viewerId, [targetId]);
      return relations.get(targetId) ?? NO_RELATION;
    },
    async doUpdateProfile(userId, change) {
      const row = await rows.get(userId);
      if (!row) throw rpcError('USER_ID_INVALID');
      const names = checkedNames(change.first_name ?? row.first_name, change.last_name ?? row.last_name);
      const about = change.about === undefined ? row.about : checkedAbout(change.about);
      const renamed = names.first_name !== row.first_name || names.last_name !== row.last_name;
      if (renamed || about !== row.about) {
        // Only what was asked for: another device may be changing the rest.
        await saveProfile(db, userId, {
          ...(change.first_name === undefined ? {} : { first_name: names.first_name }),
          ...(change.last_name === undefined ? {} : { last_name: names.last_name }),
          ...(change.about === undefined ? {} : { about }),
        });
        userChanged(userId);
        if (renamed) await pushName(userId);
      }
      return projectSelf(userId);
    },
    async doUpdateUsername(userId, username) {
      if (username !== '') checkUsername(username);
      const row = await rows.get(userId);
      if ((row?.username ?? '') === username) throw rpcError('USERNAME_NOT_MODIFIED');
      await saveUsername(db, userId, username === '' ? undefined : username, clock.now());
      userChanged(userId);
      await pushName(userId);
      return projectSelf(userId);
    },
    async isUsernameFree(userId, username) {
      checkUsername(username);
      const owner = await findByUsername(username);
      return owner === undefined || owner.user_id === userId;
    },
    doUpdateStatus: (userId, online) => presence.setOnline(userId, online),
    presence,
    userChanged,
    listLookers: (userId) => interest.listViewers(userId),
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
      await presence[Symbol.asyncDispose]();
    },
  };
}
