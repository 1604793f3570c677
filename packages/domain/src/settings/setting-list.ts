import type { tl } from '@aerogram/tl';

const KB = 1024;
const MB = 1024 * KB;

const download = { _: 'autoDownloadSettings', video_upload_maxbitrate: 100, small_queue_active_operations_max: 0, large_queue_active_operations_max: 0 } as const;

/**
 * All settings that are one TL object for the whole account, with the default of each. The name of a setting is the kind of its row in
 * `app_settings`. `AccountSettings` reads and changes them, so a new setting needs an entry here and nothing else in this folder.
 */
export const DEFAULT_SETTING_VALUES: {
  auto_download_low: tl.autoDownloadSettings;
  auto_download_medium: tl.autoDownloadSettings;
  auto_download_high: tl.autoDownloadSettings;
  web_browser: tl.account.webBrowserSettings;
} = {
  auto_download_low: { ...download, phonecalls_less_data: true, photo_size_max: MB, video_size_max: 0n, file_size_max: 0n, video_upload_maxbitrate: 50 },
  auto_download_medium: { ...download, audio_preload_next: true, photo_size_max: MB, video_size_max: BigInt(10 * MB), file_size_max: BigInt(MB) },
  auto_download_high: { ...download, video_preload_large: true, audio_preload_next: true, stories_preload: true, photo_size_max: MB, video_size_max: BigInt(15 * MB), file_size_max: BigInt(3 * MB) },
  web_browser: { _: 'account.webBrowserSettings', external_exceptions: [], inapp_exceptions: [], hash: 0n },
};

export type SettingName = keyof typeof DEFAULT_SETTING_VALUES;
export type SettingValues = Readonly<typeof DEFAULT_SETTING_VALUES>;
