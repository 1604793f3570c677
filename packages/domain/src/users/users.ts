import type { tl } from '@aerogram/tl';

import type { BotRows } from '../bot-rows/index.ts';
import { findNamedCards } from '../cards/index.ts';
import type { Chats } from '../chats/index.ts';
import { findNamedPeer, Names } from '../names/index.ts';
import { type AccessHashes, checkUsername, findUserRows, type UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { NO_RELATION, type Relation, type Relations } from '../relations/index.ts';
import { type DomainDeps, LoadingCache, onAccountHint, publishAccountHint, publishDecision } from '../shared/index.ts';
import { Languages } from './device-languages.ts';
import { PresenceSubscriptions } from './presence-subscriptions.ts';
import { createPresence, type Presence, type PresenceSign } from './presence.ts';
import { RecentViewers } from './recent-viewers.ts';
import { isReservedUsername } from './reserved-usernames.ts';
import { UserProjector } from './user-projector.ts';

/** The users of this data centre. */
export interface Users extends AsyncDisposable {
  findRow(userId: bigint): Promise<UserRow | undefined>;
  findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>;
  /** Same as {@link Users.findRow}, but synchronous and from the cache only. */
  peekRow(userId: bigint): UserRow | undefined;
  /**
   * Finds the user of this data centre with this confirmed phone number.
   * @param phone digits only
   */
  findByPhone(phone: string): Promise<UserRow | undefined>;
  /** Finds the user of this data centre with a username. */
  findByUsername(username: string): Promise<UserRow | undefined>;
  /** Finds the user or channel of this data centre with a username. @returns the marked id */
  findNamedPeer(username: string): Promise<bigint | undefined>;
  /** Finds the peer of another data centre that has a username, as far as that is known here. @returns the marked id */
  findNamedElsewhere(username: string): Promise<bigint | undefined>;
  /**
   * Whether a peer could take a username, or has it. One that somebody of another data centre has is taken.
   * @param peerId marked id
   * @throws RpcError 400 USERNAME_INVALID, 500 (the data centre that decides is away)
   */
  isNameFree(peerId: bigint, username: string): Promise<boolean>;
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
  /** Same as {@link Users.findRelation}, but synchronous and from the cache only: undefined if it is not cached. */
  peekRelation(viewerId: bigint, targetId: bigint): Relation | undefined;
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
  /** After the commit, drops the row from the caches of all nodes. Resolves when they have dropped it. */
  userChanged(userId: bigint): Promise<void>;
}

const MAX_ROWS = 100_000;

/** Creates the user operations. */
export function createUsers(
  deps: DomainDeps,
  parts: { accessHashes: AccessHashes; privacy: Privacy; relations: Relations; botRows: BotRows; findMemberships: Chats['findMemberships'] },
): Users {
  const { db, bus, clock, config } = deps;
  const { privacy, relations, accessHashes, botRows, findMemberships } = parts;
  const rows = new LoadingCache<bigint, UserRow>({ maxEntries: MAX_ROWS, load: (ids) => findUserRows(db, ids) });
  const presenceSubscriptions = new PresenceSubscriptions(clock);
  const viewers = new RecentViewers({ rows, relations, privacy, findMemberships, bus, clock, presenceSubscriptions });
  const presence = createPresence({ ...deps, listStatusViewers: (userId) => viewers.listStatusViewers(userId) }, (userId, onlineDate) => {
    const row = rows.peek(userId);
    if (row) row.online_date = onlineDate;
  });
  /** The row with the newest known online date. */
  const look = (row: UserRow): UserRow => {
    const pending = presence.findPending(row.user_id);
    return pending === undefined ? row : { ...row, online_date: pending };
  };
  const projector = new UserProjector({ rows, botRows, relations, privacy, findMemberships, accessHashes, clock, config, presenceSubscriptions, languages: new Languages({ db, clock }), look });

  const names = new Names(deps);
  const findHere = async (username: string): Promise<bigint | undefined> => {
    const peerId = await findNamedPeer(db.q, username);
    return peerId === undefined || names.dcOf(peerId) !== undefined ? undefined : peerId;
  };

  let showing: Promise<void> = Promise.resolve();
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'user') rows.invalidate(hint.userId);
    if (hint.kind !== 'shown' && hint.kind !== 'status_view') return;
    showing = showing
      .then(() => (hint.kind === 'shown' ? viewers.show(hint.userId, hint.update) : viewers.showStatus(hint.userId, look, hint.viewerIds)))
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'a change of a user was not shown');
      });
  });
  const reconnected = bus.onReconnect(() => rows.clear());

  return {
    findRow: (userId) => rows.get(userId),
    findRows: (ids) => rows.getMany(ids),
    peekRow: (userId) => rows.peek(userId),
    async findByPhone(phone) {
      const entry = await db.q
        .selectFrom('phones')
        .select('user_id')
        .where('phone', '=', phone)
        .where('confirmed', '=', true)
        .executeTakeFirst();
      return entry && names.dcOf(entry.user_id) === undefined ? rows.get(entry.user_id) : undefined;
    },
    async findByUsername(username) {
      const peerId = await findHere(username);
      return peerId !== undefined && peerId > 0n ? rows.get(peerId) : undefined;
    },
    findNamedPeer: findHere,
    async findNamedElsewhere(username) {
      const peerId = (await findNamedPeer(db.q, username)) ?? (await findNamedCards(db, 'username', [username.toLowerCase()])).get(username.toLowerCase());
      return peerId === undefined || names.dcOf(peerId) === undefined ? undefined : peerId;
    },
    async isNameFree(peerId, username) {
      checkUsername(username);
      const ownerId = names.areElsewhere ? await names.findOne({ type: 'username', name: username.toLowerCase() }) : await findNamedPeer(db.q, username);
      return ownerId === undefined ? !isReservedUsername(username) : ownerId === peerId;
    },
    projectUsers: (viewerId, ids) => projector.projectUsers(viewerId, ids),
    projectStatuses: (viewerId, ids) => projector.projectStatuses(viewerId, ids),
    isOnlineShown: (viewerId, userId) => projector.isOnlineShown(viewerId, userId),
    projectKnownUsers: (viewerId, ids) => projector.projectKnownUsers(viewerId, ids),
    peekRelation: (viewerId, targetId) => relations.peekRelation(viewerId, targetId),
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
      return publishDecision(bus, { kind: 'user', userId });
    },
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
      await showing;
      await presence[Symbol.asyncDispose]();
    },
  };
}
