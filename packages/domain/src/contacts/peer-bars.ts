import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findMemberships } from '../chats/index.ts';
import type { Origin, SubjectDeps } from '../events/index.ts';
import type { UserRow } from '../peers/index.ts';
import { isVisible, NO_GROUPS, type OwnerPrivacy, type Privacy } from '../privacy/index.ts';
import { findRelations, pairKey, reverseRelation } from '../relations/index.ts';
import type { Users } from '../users/index.ts';
import { findChatFacts, insertHiddenBar } from './peer-bar-store.ts';
import { projectPeerSettings } from './project-peer-settings.ts';

/** The action bars above private chats (`peerSettings`). */
export interface PeerBars {
  /** Returns the actions that the bar above the chat with this user offers. */
  findSettings(viewerId: bigint, user: UserRow): Promise<tl.peerSettings>;
  /**
   * Returns the updates about the bars of these users. The transaction has to hold the lock of the viewer's box, so that of two changes of the
   * same bar the later one is also logged later.
   * @param own the privacy of the viewer
   */
  findUpdates(tx: Tx, viewer: { id: bigint; own: OwnerPrivacy }, users: readonly UserRow[]): Promise<tl.updatePeerSettings[]>;
  /** Hides the bar permanently and logs that for the viewer's other devices. */
  doHide(viewerId: bigint, user: UserRow, origin: Origin | undefined): Promise<void>;
}

/** Creates the action bar operations. */
export function createPeerBars(deps: SubjectDeps, parts: { users: Users; privacy: Privacy }): PeerBars {
  const { db } = deps;

  const findSettings = async (viewerId: bigint, user: UserRow): Promise<tl.peerSettings> => {
    const [relation, facts, seesNumber] = await Promise.all([
      parts.users.findRelation(viewerId, user.user_id),
      findChatFacts(db, viewerId, [user.user_id]),
      parts.privacy.allows(viewerId, 'PhoneNumber', { id: user.user_id, bot: user.bot }),
    ]);
    return projectPeerSettings(viewerId, user, relation, { ...facts.get(user.user_id)!, seesNumber });
  };

  const findUpdates: PeerBars['findUpdates'] = async (tx, { id: viewerId, own }, users) => {
    const ids = users.map(({ user_id }) => user_id);
    // Read from the database: the cache of relations still has what was before this transaction.
    const [relations, facts, memberships] = await Promise.all([
      findRelations(tx, ids.map((id) => pairKey(viewerId, id))),
      findChatFacts(tx, viewerId, ids),
      findMemberships(tx, ids, own.groups ?? []),
    ]);
    return users.map((user) => {
      const relation = relations.get(pairKey(viewerId, user.user_id))!;
      const seesNumber = isVisible(own, 'PhoneNumber', { id: user.user_id, bot: user.bot, groups: memberships.get(user.user_id) ?? NO_GROUPS }, reverseRelation(relation));
      const settings = projectPeerSettings(viewerId, user, relation, { ...facts.get(user.user_id)!, seesNumber });
      return { _: 'updatePeerSettings', peer: { _: 'peerUser', user_id: user.user_id }, settings };
    });
  };

  return {
    findSettings,
    findUpdates,
    async doHide(viewerId, user, origin) {
      const peer: tl.peerUser = { _: 'peerUser', user_id: user.user_id };
      await deps.writeBoxes('hide-peer-bar', [viewerId], async (tx, boxes, date) => {
        await insertHiddenBar(tx, viewerId, user.user_id, date);
        const update: tl.updatePeerSettings = { _: 'updatePeerSettings', peer, settings: { _: 'peerSettings' } };
        boxes.addLoose(viewerId, date, origin, [update]);
      });
    },
  };
}
