import { markPeer } from '@aerogram/cluster';
import { userTopic } from '@aerogram/bus';
import type { Tables } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import type { Selectable } from 'kysely';

import type { DomainDeps } from '../deps.ts';
import type { UserHint } from '../updates/box-event.ts';

type SettingsRow = Selectable<Tables['notify_settings']>;

/** What settings are about: all users, chats or channels, or one peer. */
export type NotifyScope = 'users' | 'chats' | 'broadcasts' | { peer: tl.Peer };

export interface Notifications {
  findSettings(ownerId: bigint, scope: NotifyScope): Promise<tl.peerNotifySettings>;
  /** Settings of many peers by marked id; every peer is answered. */
  findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>>;
  /** Peers whose settings differ from those of their kind. */
  listExceptions(ownerId: bigint): Promise<{ peerId: bigint; settings: tl.peerNotifySettings }[]>;
  /** Changes what is given and leaves the rest; the owner's devices are told. */
  doUpdateSettings(ownerId: bigint, scope: NotifyScope, change: tl.inputPeerNotifySettings): Promise<void>;
  /** Back to the defaults everywhere. */
  doResetSettings(ownerId: bigint): Promise<void>;
}

/** Makes the notification settings. */
export function createNotifications(deps: DomainDeps): Notifications {
  const { db, bus } = deps;

  const findRow = (ownerId: bigint, scope: NotifyScope): Promise<SettingsRow | undefined> => {
    const key = keyOf(scope);
    return db.q
      .selectFrom('notify_settings')
      .selectAll()
      .where('owner_id', '=', ownerId)
      .where('scope', '=', key.scope)
      .where('peer_id', '=', key.peer_id)
      .executeTakeFirst();
  };

  return {
    async findSettings(ownerId, scope) {
      return projectSettings(await findRow(ownerId, scope), typeof scope === 'string');
    },
    async findPeerSettings(ownerId, peerIds) {
      if (peerIds.length === 0) return new Map();
      const rows = await db.q
        .selectFrom('notify_settings')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('scope', '=', 'peer')
        .where('peer_id', 'in', [...peerIds])
        .execute();
      const byPeer = new Map(rows.map((row) => [row.peer_id, row]));
      return new Map(peerIds.map((id) => [id, projectSettings(byPeer.get(id), false)]));
    },
    async listExceptions(ownerId) {
      const rows = await db.q
        .selectFrom('notify_settings')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('scope', '=', 'peer')
        .orderBy('peer_id')
        .limit(500)
        .execute();
      return rows.map((row) => ({ peerId: row.peer_id, settings: projectSettings(row, false) }));
    },
    async doUpdateSettings(ownerId, scope, change) {
      const set = {
        ...(change.show_previews === undefined ? {} : { show_previews: change.show_previews }),
        ...(change.silent === undefined ? {} : { silent: change.silent }),
        ...(change.mute_until === undefined ? {} : { mute_until: change.mute_until }),
        ...(change.stories_muted === undefined ? {} : { stories_muted: change.stories_muted }),
      };
      const key = { owner_id: ownerId, ...keyOf(scope) };
      await db.transact('update-notify-settings', async (tx) => {
        const insert = tx.q.insertInto('notify_settings').values({ ...key, ...set });
        await insert
          .onConflict((oc) => {
            const conflict = oc.columns(['owner_id', 'scope', 'peer_id']);
            return Object.keys(set).length === 0 ? conflict.doNothing() : conflict.doUpdateSet(set);
          })
          .execute();
      });
      const update: tl.updateNotifySettings = {
        _: 'updateNotifySettings',
        peer: projectScope(scope),
        notify_settings: projectSettings(await findRow(ownerId, scope), typeof scope === 'string'),
      };
      bus.publish(userTopic(ownerId), { kind: 'transient', owner: ownerId, update } satisfies UserHint);
    },
    async doResetSettings(ownerId) {
      await db.transact('reset-notify-settings', async (tx) => {
        await tx.q.deleteFrom('notify_settings').where('owner_id', '=', ownerId).execute();
      });
    },
  };
}

function keyOf(scope: NotifyScope): { scope: string; peer_id: bigint } {
  return typeof scope === 'string' ? { scope, peer_id: 0n } : { scope: 'peer', peer_id: markPeer(scope.peer) };
}

/** A kind of peers has all values, a single peer only those that differ. Pure. */
export function projectSettings(row: SettingsRow | undefined, full: boolean): tl.peerNotifySettings {
  return {
    _: 'peerNotifySettings',
    show_previews: row?.show_previews ?? (full ? true : undefined),
    silent: row?.silent ?? (full ? false : undefined),
    mute_until: row?.mute_until ?? (full ? 0 : undefined),
    stories_muted: row?.stories_muted ?? undefined,
  };
}

function projectScope(scope: NotifyScope): tl.NotifyPeer {
  if (scope === 'users') return { _: 'notifyUsers' };
  if (scope === 'chats') return { _: 'notifyChats' };
  if (scope === 'broadcasts') return { _: 'notifyBroadcasts' };
  return { _: 'notifyPeer', peer: scope.peer };
}
