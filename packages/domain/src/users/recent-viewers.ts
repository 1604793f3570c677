import type { Bus } from '@aerogram/bus';
import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { Chats } from '../chats/index.ts';
import { publishTransient } from '../events/index.ts';
import type { UserRow } from '../peers/index.ts';
import { namedGroups, NO_GROUPS, type Privacy, UNTOUCHED } from '../privacy/index.ts';
import { NO_RELATION, type Relation, type Relations, reverseRelation } from '../relations/index.ts';
import type { LoadingCache } from '../shared/index.ts';
import type { PresenceSubscriptions } from './presence-subscriptions.ts';
import { projectStatus, type StatusView, statusView } from './project-user.ts';

interface ViewerParts {
  rows: LoadingCache<bigint, UserRow>;
  relations: Relations;
  privacy: Privacy;
  findMemberships: Chats['findMemberships'];
  bus: Bus;
  clock: Clock;
  presenceSubscriptions: PresenceSubscriptions;
}

/** The viewers who were recently shown a user: what they see of the user, and pushes to them. */
export class RecentViewers {
  readonly #parts: ViewerParts;

  constructor(parts: ViewerParts) {
    this.#parts = parts;
  }

  /** Lists the viewers who see the user's exact status. */
  async listStatusViewers(userId: bigint): Promise<bigint[]> {
    const { views } = await this.#findStatusViews(userId);
    return views.flatMap(([id, view]) => (view === 'exact' ? [id] : []));
  }

  /** Pushes a change of a user. Viewers who have the user as a contact get the name from their contact list, and those who are blocked are not told of an emoji status. */
  async show(userId: bigint, change: tl.Update): Promise<void> {
    for (const [owner, { contact, blockedBy }] of await this.#findRelations(userId)) {
      if (blockedBy && change._ === 'updateUserEmojiStatus') continue;
      const named = change._ === 'updateUserName' && contact !== undefined;
      publishTransient(this.#parts.bus, owner, named ? { ...change, first_name: contact.first_name, last_name: contact.last_name } : change);
    }
  }

  /**
   * Pushes the status again after a change of who may see it.
   * @param look returns the row with the newest known online date
   * @param among the viewers concerned, who are told whether the user is online or not. Without it all viewers who are not blocked are told,
   * and only if the user is online, because a change of the privacy settings may concern any number of them.
   */
  async showStatus(userId: bigint, look: (row: UserRow) => UserRow, among?: readonly bigint[]): Promise<void> {
    const { row, views } = await this.#findStatusViews(userId, among);
    const nowDate = this.#parts.clock.now();
    if (!row || row.bot || row.deleted || (among === undefined && look(row).online_date <= nowDate)) return;
    for (const [owner, view] of views) {
      if (among === undefined && view === 'none') continue;
      publishTransient(this.#parts.bus, owner, { _: 'updateUserStatus', user_id: userId, status: projectStatus(look(row), view, nowDate) });
    }
  }

  /**
   * Finds the recent viewers of a user with their relations to the user. Reading the relations from the user's side takes one query for all
   * viewers.
   * @param among if given, other viewers are left out
   */
  async #findRelations(userId: bigint, among?: readonly bigint[]): Promise<Map<bigint, Relation>> {
    const recent = this.#parts.presenceSubscriptions.listViewers(userId);
    const viewers = among === undefined ? recent : recent.filter((id) => among.includes(id));
    if (viewers.length === 0) return new Map();
    const pairs = await this.#parts.relations.findRelations(userId, viewers);
    return new Map(viewers.map((id) => [id, reverseRelation(pairs.get(id) ?? NO_RELATION)]));
  }

  /** Finds how precisely each recent viewer sees the user's status. */
  async #findStatusViews(
    userId: bigint,
    among?: readonly bigint[],
  ): Promise<{ row: UserRow | undefined; views: [viewerId: bigint, view: StatusView][] }> {
    const viewers = await this.#findRelations(userId, among);
    if (viewers.size === 0) return { row: undefined, views: [] };
    const { rows, privacy, findMemberships } = this.#parts;
    const [found, owners] = await Promise.all([
      rows.getMany([userId, ...viewers.keys()]),
      privacy.findOwners([userId, ...viewers.keys()]),
    ]);
    const row = found.get(userId);
    if (!row) return { row, views: [] };
    const owner = owners.get(userId) ?? UNTOUCHED;
    const [ofViewers, ofUser] = await Promise.all([
      findMemberships([...viewers.keys()], owner.groups ?? []),
      findMemberships([userId], namedGroups([...viewers.keys()].map((id) => owners.get(id)))),
    ]);
    const views = [...viewers].map(([id, relation]): [bigint, StatusView] => {
      const view = { viewer: { id, bot: found.get(id)?.bot === true, groups: ofViewers.get(id) ?? NO_GROUPS }, viewerPrivacy: owners.get(id) ?? UNTOUCHED };
      return [id, statusView(view, row, { relation, owner, groups: ofUser.get(userId) ?? NO_GROUPS })];
    });
    return { row, views };
  }
}
