import { isMarkedUser, markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tables } from '@aerogram/storage';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';
import type { Selectable } from 'kysely';

import type { Origin, SubjectDeps } from '../events/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { deleteNotifySettings, type NotifyChange, saveNotifySettings } from './notify-settings-store.ts';
import { findTopicSettings, listTopicSettings, resetTopicSettings, saveTopicSettings, type SettingsTopic, type TopicSettings } from './topic-settings-store.ts';

type SettingsRow = Selectable<Tables['notify_settings']>;

/** Settings as stored. Topics have none for stories. */
type NotifyRow = TopicSettings & Partial<Pick<SettingsRow, 'stories_muted' | 'stories_hide_sender' | 'stories_sound'>>;

/** What notification settings apply to: all users, all groups, all channels, one peer, or one topic of a forum. */
export type NotifyScope = 'users' | 'chats' | 'broadcasts' | { peer: tl.Peer; topId?: number | undefined };

/** Selects exceptions, that is, peers with settings of their own. */
export interface ExceptionFilter {
  /** Only peers of this kind, or only this peer; undefined for all. */
  scope?: NotifyScope | undefined;
  /** Whether to include peers of which only the sound differs. */
  sounds: boolean;
  /** Whether to include peers of which only the story settings differ. */
  stories: boolean;
}

/** Settings that differ from those that apply otherwise. */
export interface NotifyException {
  peerId: bigint;
  /** Undefined: the peer itself. */
  topId: number | undefined;
  settings: tl.peerNotifySettings;
}

export interface Notifications {
  findSettings(ownerId: bigint, scope: NotifyScope): Promise<tl.peerNotifySettings>;
  /** Returns the settings of each of these peers, by marked peer id. */
  findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>>;
  /** Lists the peers whose settings differ from those of their kind, and the topics whose settings differ from those of their forum. */
  listExceptions(ownerId: bigint, filter?: ExceptionFilter): Promise<NotifyException[]>;
  /**
   * Changes the given settings, leaves the others, and tells the owner's other devices.
   * @throws RpcError 400 SETTINGS_INVALID
   */
  doUpdateSettings(ownerId: bigint, scope: NotifyScope, change: tl.inputPeerNotifySettings, origin?: Origin): Promise<void>;
  /** Returns the settings for notifications about reactions. */
  findReactionsSettings(ownerId: bigint): Promise<tl.reactionsNotifySettings>;
  /**
   * Changes the settings for notifications about reactions.
   * @returns the settings as stored
   * @throws RpcError 400 SETTINGS_INVALID
   */
  doUpdateReactionsSettings(ownerId: bigint, settings: tl.reactionsNotifySettings): Promise<tl.reactionsNotifySettings>;
  /** Resets all settings to the defaults and tells the owner's other devices. */
  doResetSettings(ownerId: bigint, origin?: Origin): Promise<void>;
}

const EXCEPTIONS_MAX = 500;
const ALL_EXCEPTIONS: ExceptionFilter = { sounds: true, stories: true };
const SCOPES = ['users', 'chats', 'broadcasts'] as const;
const LOCAL_SOUND_MAX = 256;

/** What settings are about. */
export interface NotificationSubjects {
  /** Finds which of these peers, by marked id, are groups and which are channels; users are left out. */
  findScopes(peerIds: readonly bigint[]): Promise<ReadonlyMap<bigint, 'chats' | 'broadcasts'>>;
  /** Whether a document is among the ringtones of a user. */
  isRingtone(q: Pick<SubjectDeps['db'], 'run'>, ownerId: bigint, documentId: bigint): Promise<boolean>;
}

/** Creates the notification settings operations. */
export function createNotifications(deps: SubjectDeps, privacy: Privacy, subjects: NotificationSubjects): Notifications {
  const { db, writeBoxes } = deps;

  const filterByScope = async <T extends { peer_id: bigint; top_id?: number }>(rows: readonly T[], scope: NotifyScope): Promise<readonly T[]> => {
    if (typeof scope !== 'string') return rows.filter((row) => row.peer_id === markPeer(scope.peer) && (scope.topId === undefined || row.top_id === scope.topId));
    if (scope === 'users') return rows.filter((row) => isMarkedUser(row.peer_id));
    const scopes = await subjects.findScopes(rows.map((row) => row.peer_id));
    return rows.filter((row) => scopes.get(row.peer_id) === scope);
  };

  /** Devices load a ringtone from the list of its owner, so it has to be there. @throws RpcError SETTINGS_INVALID */
  const requireOwnSound = async (q: Pick<SubjectDeps['db'], 'run'>, ownerId: bigint, sound: tl.NotificationSound | undefined): Promise<void> => {
    if (sound?._ === 'notificationSoundRingtone' && !(await subjects.isRingtone(q, ownerId, sound.id))) throw rpcError('SETTINGS_INVALID');
  };

  return {
    async findSettings(ownerId, scope) {
      return projectNotifySettings(await findRow(db, ownerId, scope), typeof scope === 'string');
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
      return new Map(peerIds.map((id) => [id, projectNotifySettings(byPeer.get(id), false)]));
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
      const topics = await listTopicSettings(db, ownerId, EXCEPTIONS_MAX);
      const differing = [...rows.map((row) => ({ ...row, top_id: undefined })), ...topics].filter((row) => differs(row, filter));
      const wanted = filter.scope === undefined ? differing : await filterByScope(differing, filter.scope);
      return wanted.slice(0, EXCEPTIONS_MAX).map((row) => ({ peerId: row.peer_id, topId: row.top_id, settings: projectNotifySettings(row, false) }));
    },
    async doUpdateSettings(ownerId, scope, change, origin) {
      const set = columnsOf(change);
      const topic = topicOf(ownerId, scope);
      await writeBoxes('update-notify-settings', [ownerId], async (tx, boxes, date) => {
        for (const sound of [change.sound, change.stories_sound]) await requireOwnSound(tx, ownerId, sound);
        if (topic === undefined) await saveNotifySettings(tx, { owner_id: ownerId, ...keyOf(scope) }, set);
        else await saveTopicSettings(tx, topic, set);
        const row = await findRow(tx, ownerId, scope);
        boxes.addLoose(ownerId, date, origin, [projectUpdate(scope, row)]);
      });
    },
    async findReactionsSettings(ownerId) {
      const { reactions_notify: bytes } = await privacy.findSettings(ownerId);
      // The cast is safe: only doUpdateReactionsSettings writes this column.
      return bytes === null ? REACTIONS_DEFAULT : (storedDecode(bytes) as tl.reactionsNotifySettings);
    },
    async doUpdateReactionsSettings(ownerId, settings) {
      const rebuilt = rebuildReactionsSettings(settings);
      await requireOwnSound(db, ownerId, rebuilt.sound);
      await privacy.doChangeSettings(ownerId, { reactions_notify: storedEncode(rebuilt) });
      return rebuilt;
    },
    async doResetSettings(ownerId, origin) {
      await privacy.doChangeSettings(ownerId, { reactions_notify: null });
      await writeBoxes('reset-notify-settings', [ownerId], async (tx, boxes, date) => {
        const gone = await deleteNotifySettings(tx, ownerId);
        const topics = await resetTopicSettings(tx, ownerId);
        const peers = [...gone.filter((row) => row.scope === 'peer').map((row) => ({ ...row, top_id: undefined })), ...topics].slice(0, EXCEPTIONS_MAX);
        const scopes: NotifyScope[] = [...SCOPES, ...peers.map((row) => ({ peer: unmarkPeer(row.peer_id), topId: row.top_id }))];
        boxes.addLoose(ownerId, date, origin, scopes.map((scope) => projectUpdate(scope, undefined)));
      });
    },
  };
}

/** Finds the notification settings of an owner for a kind of peer or for one peer; undefined if they are the defaults. */
export function findNotifyRow(q: Pick<SubjectDeps['db']['q'], 'selectFrom'>, ownerId: bigint, scope: NotifyScope): Promise<SettingsRow | undefined> {
  const key = keyOf(scope);
  return q.selectFrom('notify_settings').selectAll().where('owner_id', '=', ownerId).where('scope', '=', key.scope).where('peer_id', '=', key.peer_id).executeTakeFirst();
}

/** Same as {@link findNotifyRow}, also for a topic. */
async function findRow(reads: Pick<SubjectDeps['db'], 'run' | 'q'>, ownerId: bigint, scope: NotifyScope): Promise<NotifyRow | undefined> {
  const topic = topicOf(ownerId, scope);
  return topic === undefined ? findNotifyRow(reads.q, ownerId, scope) : findTopicSettings(reads, topic);
}

function topicOf(ownerId: bigint, scope: NotifyScope): SettingsTopic | undefined {
  if (typeof scope === 'string' || scope.topId === undefined || scope.peer._ !== 'peerChannel') return undefined;
  return { ownerId, channelId: scope.peer.channel_id, topId: scope.topId };
}

function keyOf(scope: NotifyScope): { scope: string; peer_id: bigint } {
  return typeof scope === 'string' ? { scope, peer_id: 0n } : { scope: 'peer', peer_id: markPeer(scope.peer) };
}

/** Returns only the columns in the request, because another device may be changing the others. */
function columnsOf(change: tl.inputPeerNotifySettings): NotifyChange {
  const columns: NotifyChange = {
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

/** Rebuilds a sound field by field for storage. @throws RpcError SETTINGS_INVALID if its names are too long */
function rebuildSound(sound: tl.NotificationSound): tl.NotificationSound {
  switch (sound._) {
    case 'notificationSoundDefault':
    case 'notificationSoundNone':
      return { _: sound._ };
    case 'notificationSoundLocal':
      if (sound.title.length + sound.data.length > LOCAL_SOUND_MAX) throw rpcError('SETTINGS_INVALID');
      return { _: sound._, title: sound.title, data: sound.data };
    case 'notificationSoundRingtone':
      return { _: sound._, id: sound.id };
  }
}

/**
 * Rebuilds settings about reactions field by field for storage.
 * @throws RpcError SETTINGS_INVALID
 */
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

function differs(row: NotifyRow, { sounds, stories }: ExceptionFilter): boolean {
  return (
    row.show_previews !== null ||
    row.silent !== null ||
    row.mute_until !== null ||
    (sounds && row.sound !== null) ||
    (stories && [row.stories_muted, row.stories_hide_sender, row.stories_sound].some((value) => value !== null && value !== undefined))
  );
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
  // The cast is safe: columnsOf stores only NotificationSound here.
  if (bytes) return storedDecode(bytes) as tl.NotificationSound;
  return full ? DEFAULT_SOUND : undefined;
}

/**
 * Settings as a TL object. Sounds are the same on all platforms. Pure.
 * @param full true for a kind of peer, which has all values; false for a single peer, which has only those that differ
 */
export function projectNotifySettings(row: NotifyRow | undefined, full: boolean): tl.peerNotifySettings {
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

/** The update about changed settings. Pure. */
export function projectUpdate(scope: NotifyScope, row: NotifyRow | undefined): tl.updateNotifySettings {
  const notify_settings = projectNotifySettings(row, typeof scope === 'string');
  return { _: 'updateNotifySettings', peer: projectScope(scope), notify_settings };
}

function projectScope(scope: NotifyScope): tl.NotifyPeer {
  if (scope === 'users') return { _: 'notifyUsers' };
  if (scope === 'chats') return { _: 'notifyChats' };
  if (scope === 'broadcasts') return { _: 'notifyBroadcasts' };
  if (scope.topId !== undefined) return { _: 'notifyForumTopic', peer: scope.peer, top_msg_id: scope.topId };
  return { _: 'notifyPeer', peer: scope.peer };
}
