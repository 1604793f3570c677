import type { RpcMethod } from '@aerogram/rpc';

import { clearRecentEmojiStatuses as accountClearRecentEmojiStatuses } from '../account/clearRecentEmojiStatuses.ts';
import { reorderUsernames as accountReorderUsernames } from '../account/reorderUsernames.ts';
import { setContactSignUpNotification as accountSetContactSignUpNotification } from '../account/setContactSignUpNotification.ts';
import { setGlobalPrivacySettings as accountSetGlobalPrivacySettings } from '../account/setGlobalPrivacySettings.ts';
import { setPrivacy as accountSetPrivacy } from '../account/setPrivacy.ts';
import { toggleUsername as accountToggleUsername } from '../account/toggleUsername.ts';
import { updateBirthday as accountUpdateBirthday } from '../account/updateBirthday.ts';
import { updateColor as accountUpdateColor } from '../account/updateColor.ts';
import { updateEmojiStatus as accountUpdateEmojiStatus } from '../account/updateEmojiStatus.ts';
import { acceptContact as contactsAcceptContact } from '../contacts/acceptContact.ts';
import { block as contactsBlock } from '../contacts/block.ts';
import { deleteByPhones as contactsDeleteByPhones } from '../contacts/deleteByPhones.ts';
import { editCloseFriends as contactsEditCloseFriends } from '../contacts/editCloseFriends.ts';
import { getSaved as contactsGetSaved } from '../contacts/getSaved.ts';
import { resetSaved as contactsResetSaved } from '../contacts/resetSaved.ts';
import { setBlocked as contactsSetBlocked } from '../contacts/setBlocked.ts';
import { unblock as contactsUnblock } from '../contacts/unblock.ts';
import { updateContactNote as contactsUpdateContactNote } from '../contacts/updateContactNote.ts';
import { hidePeerSettingsBar as messagesHidePeerSettingsBar } from '../messages/hidePeerSettingsBar.ts';
import { reportPeer as accountReportPeer } from '../account/reportPeer.ts';
import { exportContactToken as contactsExportContactToken } from '../contacts/exportContactToken.ts';
import { importContactToken as contactsImportContactToken } from '../contacts/importContactToken.ts';
import { resetTopPeerRating as contactsResetTopPeerRating } from '../contacts/resetTopPeerRating.ts';
import { toggleTopPeers as contactsToggleTopPeers } from '../contacts/toggleTopPeers.ts';
import { report as messagesReport } from '../messages/report.ts';
import { reportSpam as messagesReportSpam } from '../messages/reportSpam.ts';
import { acceptTermsOfService as helpAcceptTermsOfService } from '../help/acceptTermsOfService.ts';
import { getSupport as helpGetSupport } from '../help/getSupport.ts';
import { hidePromoData as helpHidePromoData } from '../help/hidePromoData.ts';
import { saveAppLog as helpSaveAppLog } from '../help/saveAppLog.ts';
import { setContentSettings as accountSetContentSettings } from '../account/setContentSettings.ts';
import { setReactionsNotifySettings as accountSetReactionsNotifySettings } from '../account/setReactionsNotifySettings.ts';
import { updatePersonalChannel as accountUpdatePersonalChannel } from '../account/updatePersonalChannel.ts';

/** Privacy, profile, blocking, contacts, reports: what people decide about themselves and each other; and what clients ask about the service. */
export const peopleMethods: readonly RpcMethod[] = [
  accountClearRecentEmojiStatuses,
  accountReorderUsernames,
  accountSetContactSignUpNotification,
  accountSetGlobalPrivacySettings,
  accountSetPrivacy,
  accountToggleUsername,
  accountUpdateBirthday,
  accountUpdateColor,
  accountUpdateEmojiStatus,
  contactsAcceptContact,
  contactsBlock,
  contactsDeleteByPhones,
  contactsEditCloseFriends,
  contactsGetSaved,
  contactsResetSaved,
  contactsSetBlocked,
  contactsUnblock,
  contactsUpdateContactNote,
  messagesHidePeerSettingsBar,
  accountReportPeer,
  contactsExportContactToken,
  contactsImportContactToken,
  contactsResetTopPeerRating,
  contactsToggleTopPeers,
  messagesReport,
  messagesReportSpam,
  helpAcceptTermsOfService,
  helpGetSupport,
  helpHidePromoData,
  helpSaveAppLog,
  accountSetContentSettings,
  accountSetReactionsNotifySettings,
  accountUpdatePersonalChannel,
];
