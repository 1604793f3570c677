import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tables } from '@aerogram/storage';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';
import type { Selectable, Updateable } from 'kysely';

import type { Origin, SubjectDeps } from '../events/index.ts';
import type { Privacy } from '../privacy/index.ts';

type SettingsRow = Selectable<Tables['notify_settings']>;

/** What settings are about: all users, chats or channels, or one peer. */
export type NotifyScope = 'users' | 'chats' | 'broadcasts' | { peer: tl.Peer };

/** Which exceptions are asked for. */
export interface ExceptionFilter {
  /** Of peers of this kind, or of one peer only; all where nothing is said. */
  scope?: NotifyScope | undefined;
  /** Also peers of which only the sound differs. */
  sounds: boolean;
  /** Also peers of which only what concerns stories differs. */
  stories: boolean;
}

export interface Notifications {
  findSettings(ownerId: bigint, scope: NotifyScope): Promise<tl.peerNotifySettings>;
  /** Settings of many peers by marked id; every peer is answered. */
  findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>>;
  /** Peers whose settings differ from those of their kind. */
  listExceptions(ownerId: bigint, filter?: ExceptionFilter): Promise<{ peerId: bigint; settings: tl.peerNotifySettings }[]>;
  /** Changes what is given and leaves the rest; the owner's other devices are told. @throws RpcError 400 SETTINGS_INVALID */
  doUpdateSettings(ownerId: bigint, scope: NotifyScope, change: tl.inputPeerNotifySettings, origin?: Origin): Promise<void>;
  /** Of whose reactions the owner wants to hear. */
  findReactionsSettings(ownerId: bigint): Promise<tl.reactionsNotifySettings>;
  /** @returns the settings as they are stored @throws RpcError 400 SETTINGS_INVALID */
  doUpdateReactionsSettings(ownerId: bigint, settings: tl.reactionsNotifySettings): Promise<tl.reactionsNotifySettings>;
  /** Back to the defaults everywhere; the owner's other devices are told. */
  doResetSettings(ownerId: bigint, origin?: Origin): Promise<void>;
}

const EXCEPTIONS_MAX = 500;
const ALL_EXCEPTIONS: ExceptionFilter = { sounds: true, stories: true };
const SCOPES = ['users', 'chats', 'broadcasts'] as const;
const LOCAL_SOUND_MAX = 256;

/** Makes the notification settings. */
export function createNotifications(deps: SubjectDeps, privacy: Privacy): Notifications {
  const { db, writeBoxes } = deps;

  const findRow = (q: Pick<SubjectDeps['db']['q'], 'selectFrom'>, ownerId: bigint, scope: NotifyScope): Promise<SettingsRow | undefined> => {
    const key = keyOf(scope);
    return q
      .selectFrom('notify_settings')
      .selectAll()
      .where('owner_id', '=', ownerId)
      .where('scope', '=', key.scope)
      .where('peer_id', '=', key.peer_id)
      .executeTakeFirst();
  };

  return {
    async findSettings(ownerId, scope) {
      return projectSettings(await findRow(db.q, ownerId, scope), typeof scope === 'string');
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
    async listExceptions(ownerId, filter = ALL_EXCEPTIONS) {
      const rows = await db.q
        .selectFrom('notify_settings')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('scope', '=', 'peer')
        .orderBy('peer_id')
        .limit(EXCEPTIONS_MAX)
        .execute();
      return rows
        .filter((row) => isWanted(row, filter))
        .map((row) => ({ peerId: row.peer_id, settings: projectSettings(row, false) }));
    },
    async doUpdateSettings(ownerId, scope, change, origin) {
      const set = columnsOf(change);
      const key = { owner_id: ownerId, ...keyOf(scope) };
      await writeBoxes('update-notify-settings', [ownerId], async (tx, boxes, date) => {
        await tx.q
          .insertInto('notify_settings')
          .values({ ...key, ...set })
          .onConflict((oc) => {
            const conflict = oc.columns(['owner_id', 'scope', 'peer_id']);
            return Object.keys(set).length === 0 ? conflict.doNothing() : conflict.doUpdateSet(set);
          })
          .execute();
        const row = await findRow(tx.q, ownerId, scope);
        boxes.addLoose(ownerId, date, origin, [projectUpdate(scope, row)]);
      });
    },
    async findReactionsSettings(ownerId) {
      const { reactions_notify: bytes } = await privacy.findSettings(ownerId);
      // What doUpdateReactionsSettings stored here are such settings.
      return bytes === null ? REACTIONS_DEFAULT : (storedDecode(bytes) as tl.reactionsNotifySettings);
    },
    async doUpdateReactionsSettings(ownerId, settings) {
      const rebuilt = rebuildReactionsSettings(settings);
      await privacy.doChangeSettings(ownerId, { reactions_notify: storedEncode(rebuilt) });
      return rebuilt;
    },
    async doResetSettings(ownerId, origin) {
      await privacy.doChangeSettings(ownerId, { reactions_notify: null });
      await writeBoxes('reset-notify-settings', [ownerId], async (tx, boxes, date) => {
        const gone = await tx.q.deleteFrom('notify_settings').where('owner_id', '=', ownerId).returning(['scope', 'peer_id']).execute();
        const peers = gone.filter((row) => row.scope === 'peer').slice(0, EXCEPTIONS_MAX);
        const scopes: NotifyScope[] = [...SCOPES, ...peers.map((row) => ({ peer: unmarkPeer(row.peer_id) }))];
        boxes.addLoose(ownerId, date, origin, scopes.map((scope) => projectUpdate(scope, undefined)));
      });
    },
  };
}

function keyOf(scope: NotifyScope): { scope: string; peer_id: bigint } {
  return typeof scope === 'string' ? { scope, peer_id: 0n } : { scope: 'peer', peer_id: markPeer(scope.peer) };
}

/** Only what is given: another device may be changing the rest. */
function columnsOf(change: tl.inputPeerNotifySettings): Updateable<Tables['notify_settings']> {
  const columns: Updateable<Tables['notify_settings']> = {
    show_previews: change.show_previews,
    silent: change.silent,
    mute_until: change.mute_until,
    stories_muted: change.stories_muted,
    stories_hide_sender: change.stories_hide_sender,
    sound: change.sound && storedEncode(rebuildSound(change.sound)),
    stories_sound: change.stories_sound && storedEncode(rebuildSound(change.stories_sound)),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** A sound as it is stored, rebuilt field by field; there are no uploaded ringtones to name. @throws RpcError SETTINGS_INVALID */
function rebuildSound(sound: tl.NotificationSound): tl.NotificationSound {
  switch (sound._) {
    case 'notificationSoundDefault':
    case 'notificationSoundNone':
      return { _: sound._ };
    case 'notificationSoundLocal':
      if (sound.title.length + sound.data.length > LOCAL_SOUND_MAX) throw rpcError('SETTINGS_INVALID');
      return { _: sound._, title: sound.title, data: sound.data };
    case 'notificationSoundRingtone':
      throw rpcError('SETTINGS_INVALID');
  }
}

/** Settings of reactions as they are stored, rebuilt field by field. @throws RpcError SETTINGS_INVALID */
function rebuildReactionsSettings(settings: tl.reactionsNotifySettings): tl.reactionsNotifySettings {
  const from = (source: tl.ReactionNotificationsFrom | undefined): tl.ReactionNotificationsFrom | undefined => source && { _: source._ };
  return {
    _: 'reactionsNotifySettings',
    messages_notify_from: from(settings.messages_notify_from),
    stories_notify_from: from(settings.stories_notify_from),
    poll_votes_notify_from: from(settings.poll_votes_notify_from),
    sound: rebuildSound(settings.sound),
    show_previews: settings.show_previews,
  };
}

function isWanted(row: SettingsRow, { scope, sounds, stories }: ExceptionFilter): boolean {
  const differs =
    row.show_previews !== null ||
    row.silent !== null ||
    row.mute_until !== null ||
    (sounds && row.sound !== null) ||
    (stories && (row.stories_muted !== null || row.stories_hide_sender !== null || row.stories_sound !== null));
  if (!differs || scope === undefined) return differs;
  if (typeof scope !== 'string') return markPeer(scope.peer) === row.peer_id;
  const kind = unmarkPeer(row.peer_id)._;
  return scope === (kind === 'peerUser' ? 'users' : kind === 'peerChat' ? 'chats' : 'broadcasts');
}

const DEFAULT_SOUND: tl.NotificationSound = { _: 'notificationSoundDefault' };
const REACTIONS_DEFAULT: tl.reactionsNotifySettings = {
  _: 'reactionsNotifySettings',
  messages_notify_from: { _: 'reactionNotificationsFromAll' },
  stories_notify_from: { _: 'reactionNotificationsFromAll' },
  poll_votes_notify_from: { _: 'reactionNotificationsFromAll' },
  sound: DEFAULT_SOUND,
  show_previews: true,
};

function soundOf(bytes: Uint8Array | null | undefined, full: boolean): tl.NotificationSound | undefined {
  // What columnsOf stored here is a NotificationSound.
  if (bytes) return storedDecode(bytes) as tl.NotificationSound;
  return full ? DEFAULT_SOUND : undefined;
}

/** A kind of peers has all values, a single peer only those that differ. A sound is the same on every system. Pure. */
export function projectSettings(row: SettingsRow | undefined, full: boolean): tl.peerNotifySettings {
  const sound = soundOf(row?.sound, full);
  const storiesSound = soundOf(row?.stories_sound, full);
  return {
    _: 'peerNotifySettings',
    show_previews: row?.show_previews ?? (full ? true : undefined),
    silent: row?.silent ?? (full ? false : undefined),
    mute_until: row?.mute_until ?? (full ? 0 : undefined),
    ios_sound: sound,
    android_sound: sound,
    other_sound: sound,
    stories_muted: row?.stories_muted ?? undefined,
    stories_hide_sender: row?.stories_hide_sender ?? (full ? false : undefined),
    stories_ios_sound: storiesSound,
    stories_android_sound: storiesSound,
    stories_other_sound: storiesSound,
  };
}

function projectUpdate(scope: NotifyScope, row: SettingsRow | undefined): tl.updateNotifySettings {
  const notify_settings = projectSettings(row, typeof scope === 'string');
  return { _: 'updateNotifySettings', peer: projectScope(scope), notify_settings };
}

function projectScope(scope: NotifyScope): tl.NotifyPeer {
  if (scope === 'users') return { _: 'notifyUsers' };
  if (scope === 'chats') return { _: 'notifyChats' };
  if (scope === 'broadcasts') return { _: 'notifyBroadcasts' };
  return { _: 'notifyPeer', peer: scope.peer };
}
