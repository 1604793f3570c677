import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { Origin, SubjectDeps } from '../events/index.ts';
import type { AccountSettings } from './account-settings.ts';
import { countOtherPeers, deleteAppSettings, findAppSettings, saveAppSettings } from './app-settings-store.ts';

/** The chats whose media are saved to the gallery automatically. */
export type AutoSaveScope = 'users' | 'chats' | 'broadcasts' | { peerId: bigint };

/** The owner's auto-save settings, by kind of chat and for single chats. */
export interface AutoSave {
  users: tl.autoSaveSettings;
  chats: tl.autoSaveSettings;
  broadcasts: tl.autoSaveSettings;
  /** By marked peer id. */
  exceptions: Map<bigint, tl.autoSaveSettings>;
}

/** The auto-download presets: `low` while roaming, `medium` over mobile data, `high` over Wi-Fi. */
export type DownloadPreset = 'low' | 'medium' | 'high';

/** Settings that a user's apps share: the server stores them and tells the other devices. */
export interface AppSettings {
  findAutoSave(ownerId: bigint): Promise<AutoSave>;
  /**
   * Saves auto-save settings for these kinds of chat or single chats.
   * @throws RpcError 400 SETTINGS_INVALID, LIMIT_INVALID (too many chats with settings)
   */
  doSaveAutoSave(ownerId: bigint, scopes: readonly AutoSaveScope[], settings: tl.autoSaveSettings, origin: Origin | undefined): Promise<void>;
  /** Deletes the auto-save settings of all single chats. */
  doDeleteAutoSaveExceptions(ownerId: bigint, origin: Origin | undefined): Promise<void>;
  findAutoDownload(ownerId: bigint): Promise<Record<DownloadPreset, tl.autoDownloadSettings>>;
  /**
   * Saves an auto-download preset. It has no update, because apps fetch the presets when they show them.
   * @throws RpcError 400 SETTINGS_INVALID
   */
  doSaveAutoDownload(ownerId: bigint, preset: DownloadPreset, settings: tl.autoDownloadSettings): Promise<void>;
}

const EXCEPTIONS_MAX = 500;

/** Creates the operations on app settings. */
export function createAppSettings({ db, writeBoxes }: Pick<SubjectDeps, 'db' | 'writeBoxes'>, accountSettings: AccountSettings): AppSettings {
  const told: tl.Update[] = [{ _: 'updateAutoSaveSettings' }];

  return {
    async findAutoSave(ownerId) {
      const rows = await findAppSettings(db.q, ownerId, ['auto_save_users', 'auto_save_chats', 'auto_save_broadcasts', 'auto_save_peer']);
      const none = (): tl.autoSaveSettings => ({ _: 'autoSaveSettings' });
      const found: AutoSave = { users: none(), chats: none(), broadcasts: none(), exceptions: new Map() };
      for (const { kind, peerId, settings } of rows) {
        if (settings._ !== 'autoSaveSettings') continue;
        if (kind === 'auto_save_users') found.users = settings;
        else if (kind === 'auto_save_chats') found.chats = settings;
        else if (kind === 'auto_save_broadcasts') found.broadcasts = settings;
        else found.exceptions.set(peerId, settings);
      }
      return found;
    },

    async doSaveAutoSave(ownerId, scopes, settings, origin) {
      const { photos, videos, video_max_size } = settings;
      if ((video_max_size ?? 0n) < 0n) throw rpcError('SETTINGS_INVALID');
      const saved: tl.autoSaveSettings = { _: 'autoSaveSettings', photos, videos, video_max_size };
      await writeBoxes('save-auto-save', [ownerId], async (tx, boxes, date) => {
        for (const scope of scopes) {
          if (typeof scope === 'string') {
            await saveAppSettings(tx, ownerId, { kind: `auto_save_${scope}` }, saved);
            continue;
          }
          if ((await countOtherPeers(tx, ownerId, 'auto_save_peer', scope.peerId)) >= EXCEPTIONS_MAX) throw rpcError('LIMIT_INVALID');
          await saveAppSettings(tx, ownerId, { kind: 'auto_save_peer', peerId: scope.peerId }, saved);
        }
        boxes.addLoose(ownerId, date, origin, told);
      });
    },

    async doDeleteAutoSaveExceptions(ownerId, origin) {
      await writeBoxes('delete-auto-save-exceptions', [ownerId], async (tx, boxes, date) => {
        if (await deleteAppSettings(tx, ownerId, 'auto_save_peer')) boxes.addLoose(ownerId, date, origin, told);
      });
    },

    async findAutoDownload(ownerId) {
      const { auto_download_low: low, auto_download_medium: medium, auto_download_high: high } = await accountSettings.find(ownerId);
      return { low, medium, high };
    },

    async doSaveAutoDownload(ownerId, preset, settings) {
      if ([settings.photo_size_max, settings.video_size_max, settings.file_size_max].some((size) => size < 0)) throw rpcError('SETTINGS_INVALID');
      await accountSettings.doChange({ ownerId, name: `auto_download_${preset}`, apply: () => ({ after: rebuildAutoDownload(settings) }), origin: undefined });
    },
  };
}

/** Rebuilds auto-download settings field by field. Pure. */
function rebuildAutoDownload(settings: tl.autoDownloadSettings): tl.autoDownloadSettings {
  const { disabled, video_preload_large, audio_preload_next, phonecalls_less_data, stories_preload } = settings;
  const { photo_size_max, video_size_max, file_size_max, video_upload_maxbitrate, small_queue_active_operations_max, large_queue_active_operations_max } = settings;
  return {
    _: 'autoDownloadSettings',
    disabled, video_preload_large, audio_preload_next, phonecalls_less_data, stories_preload,
    photo_size_max, video_size_max, file_size_max, video_upload_maxbitrate, small_queue_active_operations_max, large_queue_active_operations_max,
  };
}
