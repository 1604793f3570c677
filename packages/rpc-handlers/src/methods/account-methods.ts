import type { RpcMethod } from '@aerogram/rpc';

import { acceptLoginToken as authAcceptLoginToken } from '../auth/acceptLoginToken.ts';
import { bindTempAuthKey as authBindTempAuthKey } from '../auth/bindTempAuthKey.ts';
import { cancelCode as authCancelCode } from '../auth/cancelCode.ts';
import { dropTempAuthKeys as authDropTempAuthKeys } from '../auth/dropTempAuthKeys.ts';
import { exportAuthorization as authExportAuthorization } from '../auth/exportAuthorization.ts';
import { exportLoginToken as authExportLoginToken } from '../auth/exportLoginToken.ts';
import { importAuthorization as authImportAuthorization } from '../auth/importAuthorization.ts';
import { logOut as authLogOut } from '../auth/logOut.ts';
import { resendCode as authResendCode } from '../auth/resendCode.ts';
import { resetAuthorizations as authResetAuthorizations } from '../auth/resetAuthorizations.ts';
import { sendCode as authSendCode } from '../auth/sendCode.ts';
import { signIn as authSignIn } from '../auth/signIn.ts';
import { signUp as authSignUp } from '../auth/signUp.ts';
import { checkUsername as accountCheckUsername } from '../account/checkUsername.ts';
import { getAuthorizations as accountGetAuthorizations } from '../account/getAuthorizations.ts';
import { getBusinessChatLinks as accountGetBusinessChatLinks } from '../account/getBusinessChatLinks.ts';
import { getChannelDefaultEmojiStatuses as accountGetChannelDefaultEmojiStatuses } from '../account/getChannelDefaultEmojiStatuses.ts';
import { getChannelRestrictedStatusEmojis as accountGetChannelRestrictedStatusEmojis } from '../account/getChannelRestrictedStatusEmojis.ts';
import { getChatThemes as accountGetChatThemes } from '../account/getChatThemes.ts';
import { getCollectibleEmojiStatuses as accountGetCollectibleEmojiStatuses } from '../account/getCollectibleEmojiStatuses.ts';
import { getConnectedBots as accountGetConnectedBots } from '../account/getConnectedBots.ts';
import { getContactSignUpNotification as accountGetContactSignUpNotification } from '../account/getContactSignUpNotification.ts';
import { getContentSettings as accountGetContentSettings } from '../account/getContentSettings.ts';
import { getDefaultBackgroundEmojis as accountGetDefaultBackgroundEmojis } from '../account/getDefaultBackgroundEmojis.ts';
import { getDefaultEmojiStatuses as accountGetDefaultEmojiStatuses } from '../account/getDefaultEmojiStatuses.ts';
import { getDefaultGroupPhotoEmojis as accountGetDefaultGroupPhotoEmojis } from '../account/getDefaultGroupPhotoEmojis.ts';
import { getDefaultProfilePhotoEmojis as accountGetDefaultProfilePhotoEmojis } from '../account/getDefaultProfilePhotoEmojis.ts';
import { getGlobalPrivacySettings as accountGetGlobalPrivacySettings } from '../account/getGlobalPrivacySettings.ts';
import { getNotifyExceptions as accountGetNotifyExceptions } from '../account/getNotifyExceptions.ts';
import { getNotifySettings as accountGetNotifySettings } from '../account/getNotifySettings.ts';
import { getPasskeys as accountGetPasskeys } from '../account/getPasskeys.ts';
import { getPrivacy as accountGetPrivacy } from '../account/getPrivacy.ts';
import { getReactionsNotifySettings as accountGetReactionsNotifySettings } from '../account/getReactionsNotifySettings.ts';
import { getRecentEmojiStatuses as accountGetRecentEmojiStatuses } from '../account/getRecentEmojiStatuses.ts';
import { getSavedMusicIds as accountGetSavedMusicIds } from '../account/getSavedMusicIds.ts';
import { getSavedRingtones as accountGetSavedRingtones } from '../account/getSavedRingtones.ts';
import { getThemes as accountGetThemes } from '../account/getThemes.ts';
import { getWallPapers as accountGetWallPapers } from '../account/getWallPapers.ts';
import { getWebAuthorizations as accountGetWebAuthorizations } from '../account/getWebAuthorizations.ts';
import { resetAuthorization as accountResetAuthorization } from '../account/resetAuthorization.ts';
import { resetNotifySettings as accountResetNotifySettings } from '../account/resetNotifySettings.ts';
import { updateNotifySettings as accountUpdateNotifySettings } from '../account/updateNotifySettings.ts';
import { updateProfile as accountUpdateProfile } from '../account/updateProfile.ts';
import { updateStatus as accountUpdateStatus } from '../account/updateStatus.ts';
import { updateUsername as accountUpdateUsername } from '../account/updateUsername.ts';
import { getFullUser as usersGetFullUser } from '../users/getFullUser.ts';
import { getRequirementsToContact as usersGetRequirementsToContact } from '../users/getRequirementsToContact.ts';
import { getUsers as usersGetUsers } from '../users/getUsers.ts';
import { addContact as contactsAddContact } from '../contacts/addContact.ts';
import { deleteContacts as contactsDeleteContacts } from '../contacts/deleteContacts.ts';
import { getBirthdays as contactsGetBirthdays } from '../contacts/getBirthdays.ts';
import { getBlocked as contactsGetBlocked } from '../contacts/getBlocked.ts';
import { getContactIDs as contactsGetContactIDs } from '../contacts/getContactIDs.ts';
import { getContacts as contactsGetContacts } from '../contacts/getContacts.ts';
import { getSponsoredPeers as contactsGetSponsoredPeers } from '../contacts/getSponsoredPeers.ts';
import { getStatuses as contactsGetStatuses } from '../contacts/getStatuses.ts';
import { getTopPeers as contactsGetTopPeers } from '../contacts/getTopPeers.ts';
import { importContacts as contactsImportContacts } from '../contacts/importContacts.ts';
import { resolvePhone as contactsResolvePhone } from '../contacts/resolvePhone.ts';
import { resolveUsername as contactsResolveUsername } from '../contacts/resolveUsername.ts';
import { search as contactsSearch } from '../contacts/search.ts';
import { getUserPhotos as photosGetUserPhotos } from '../photos/getUserPhotos.ts';

/** Log-in, account, users, contacts, profile photos. */
export const accountMethods: readonly RpcMethod[] = [
  authAcceptLoginToken,
  authBindTempAuthKey,
  authCancelCode,
  authDropTempAuthKeys,
  authExportAuthorization,
  authExportLoginToken,
  authImportAuthorization,
  authLogOut,
  authResendCode,
  authResetAuthorizations,
  authSendCode,
  authSignIn,
  authSignUp,
  accountCheckUsername,
  accountGetAuthorizations,
  accountGetBusinessChatLinks,
  accountGetChannelDefaultEmojiStatuses,
  accountGetChannelRestrictedStatusEmojis,
  accountGetChatThemes,
  accountGetCollectibleEmojiStatuses,
  accountGetConnectedBots,
  accountGetContactSignUpNotification,
  accountGetContentSettings,
  accountGetDefaultBackgroundEmojis,
  accountGetDefaultEmojiStatuses,
  accountGetDefaultGroupPhotoEmojis,
  accountGetDefaultProfilePhotoEmojis,
  accountGetGlobalPrivacySettings,
  accountGetNotifyExceptions,
  accountGetNotifySettings,
  accountGetPasskeys,
  accountGetPrivacy,
  accountGetReactionsNotifySettings,
  accountGetRecentEmojiStatuses,
  accountGetSavedMusicIds,
  accountGetSavedRingtones,
  accountGetThemes,
  accountGetWallPapers,
  accountGetWebAuthorizations,
  accountResetAuthorization,
  accountResetNotifySettings,
  accountUpdateNotifySettings,
  accountUpdateProfile,
  accountUpdateStatus,
  accountUpdateUsername,
  usersGetFullUser,
  usersGetRequirementsToContact,
  usersGetUsers,
  contactsAddContact,
  contactsDeleteContacts,
  contactsGetBirthdays,
  contactsGetBlocked,
  contactsGetContactIDs,
  contactsGetContacts,
  contactsGetSponsoredPeers,
  contactsGetStatuses,
  contactsGetTopPeers,
  contactsImportContacts,
  contactsResolvePhone,
  contactsResolveUsername,
  contactsSearch,
  photosGetUserPhotos,
];
