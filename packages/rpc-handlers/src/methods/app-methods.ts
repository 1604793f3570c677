import type { RpcMethod } from '@aerogram/rpc';

import { deleteAutoSaveExceptions as accountDeleteAutoSaveExceptions } from '../account/deleteAutoSaveExceptions.ts';
import { deleteWebBrowserSettingsExceptions as accountDeleteWebBrowserSettingsExceptions } from '../account/deleteWebBrowserSettingsExceptions.ts';
import { getAutoDownloadSettings as accountGetAutoDownloadSettings } from '../account/getAutoDownloadSettings.ts';
import { getAutoSaveSettings as accountGetAutoSaveSettings } from '../account/getAutoSaveSettings.ts';
import { getWebBrowserSettings as accountGetWebBrowserSettings } from '../account/getWebBrowserSettings.ts';
import { reportProfilePhoto as accountReportProfilePhoto } from '../account/reportProfilePhoto.ts';
import { saveAutoDownloadSettings as accountSaveAutoDownloadSettings } from '../account/saveAutoDownloadSettings.ts';
import { saveAutoSaveSettings as accountSaveAutoSaveSettings } from '../account/saveAutoSaveSettings.ts';
import { setMainProfileTab as accountSetMainProfileTab } from '../account/setMainProfileTab.ts';
import { toggleWebBrowserSettingsException as accountToggleWebBrowserSettingsException } from '../account/toggleWebBrowserSettingsException.ts';
import { updateWebBrowserSettings as accountUpdateWebBrowserSettings } from '../account/updateWebBrowserSettings.ts';
import { importWebTokenAuthorization as authImportWebTokenAuthorization } from '../auth/importWebTokenAuthorization.ts';
import { requestFirebaseSms as authRequestFirebaseSms } from '../auth/requestFirebaseSms.ts';
import { getDeepLinkInfo as helpGetDeepLinkInfo } from '../help/getDeepLinkInfo.ts';
import { getRecentMeUrls as helpGetRecentMeUrls } from '../help/getRecentMeUrls.ts';
import { getSavedMusic as usersGetSavedMusic } from '../users/getSavedMusic.ts';
import { getSavedMusicByID as usersGetSavedMusicByID } from '../users/getSavedMusicByID.ts';
import { suggestBirthday as usersSuggestBirthday } from '../users/suggestBirthday.ts';

/** What apps keep of their settings with the account, and calls that only some apps make. */
export const appMethods: readonly RpcMethod[] = [
  accountDeleteAutoSaveExceptions,
  accountDeleteWebBrowserSettingsExceptions,
  accountGetAutoDownloadSettings,
  accountGetAutoSaveSettings,
  accountGetWebBrowserSettings,
  accountReportProfilePhoto,
  accountSaveAutoDownloadSettings,
  accountSaveAutoSaveSettings,
  accountSetMainProfileTab,
  accountToggleWebBrowserSettingsException,
  accountUpdateWebBrowserSettings,
  authImportWebTokenAuthorization,
  authRequestFirebaseSms,
  helpGetDeepLinkInfo,
  helpGetRecentMeUrls,
  usersGetSavedMusic,
  usersGetSavedMusicByID,
  usersSuggestBirthday,
];
