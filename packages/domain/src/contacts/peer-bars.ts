import type { tl } from '@aerogram/tl';

import type { Origin, SubjectDeps } from '../events/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';
import { projectPeerSettings } from './project-peer-settings.ts';
import { insertHiddenBar } from './peer-bar-store.ts';

/** The action bars above private chats (`peerSettings`). */
export interface PeerBars {
  /** Returns the actions that the bar above the chat with this user offers. */
  findSettings(viewerId: bigint, user: UserRow): Promise<tl.peerSettings>;
  /** Same as {@link findSettings}, as an update. */
  findUpdate(viewerId: bigint, user: UserRow): Promise<tl.updatePeerSettings>;
  /** Hides the bar permanently and logs that for the viewer's other devices. */
  doHide(viewerId: bigint, user: UserRow, origin: Origin | undefined): Promise<void>;
}

/** Creates the action bar operations. */
export function createPeerBars(deps: SubjectDeps, parts: { users: Users; privacy: Privacy }): PeerBars {
  const { db } = deps;

  const isHidden = async (viewerId: bigint, peerId: bigint): Promise<boolean> => {
    const row = await db.q
      .selectFrom('hidden_peer_bars')
      .select('hidden_date')
      .where('owner_id', '=', viewerId)
      .where('peer_id', '=', peerId)
      .executeTakeFirst();
    return row !== undefined;
  };

  const wroteFirst = async (viewerId: bigint, peerId: bigint): Promise<boolean> => {
    const first = await db.q
      .selectFrom('messages')
      .select('from_id')
      .where('owner_id', '=', viewerId)
      .where('peer_id', '=', peerId)
      .orderBy('msg_id')
      .limit(1)
      .executeTakeFirst();
    return first?.from_id === peerId;
  };

  const findSettings = async (viewerId: bigint, user: UserRow): Promise<tl.peerSettings> => {
    const [relation, hidden, began, seesNumber] = await Promise.all([
      parts.users.findRelation(viewerId, user.user_id),
      isHidden(viewerId, user.user_id),
      wroteFirst(viewerId, user.user_id),
      parts.privacy.allows(viewerId, 'PhoneNumber', { id: user.user_id, bot: user.bot }),
    ]);
    return projectPeerSettings(viewerId, user, relation, { hidden, wroteFirst: began, seesNumber });
  };

  const findUpdate = async (viewerId: bigint, user: UserRow): Promise<tl.updatePeerSettings> => ({
    _: 'updatePeerSettings',
    peer: { _: 'peerUser', user_id: user.user_id },
    settings: await findSettings(viewerId, user),
  });

  return {
    findSettings,
    findUpdate,
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
