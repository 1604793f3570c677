import type { RpcMethod } from '@aerogram/rpc';

import { cancelPasswordEmail as accountCancelPasswordEmail } from '../account/cancelPasswordEmail.ts';
import { changeAuthorizationSettings as accountChangeAuthorizationSettings } from '../account/changeAuthorizationSettings.ts';
import { changePhone as accountChangePhone } from '../account/changePhone.ts';
import { confirmPasswordEmail as accountConfirmPasswordEmail } from '../account/confirmPasswordEmail.ts';
import { confirmPhone as accountConfirmPhone } from '../account/confirmPhone.ts';
import { declinePasswordReset as accountDeclinePasswordReset } from '../account/declinePasswordReset.ts';
import { deleteAccount as accountDeleteAccount } from '../account/deleteAccount.ts';
import { deletePasskey as accountDeletePasskey } from '../account/deletePasskey.ts';
import { getAccountTTL as accountGetAccountTTL } from '../account/getAccountTTL.ts';
import { getPassword as accountGetPassword } from '../account/getPassword.ts';
import { getPasswordSettings as accountGetPasswordSettings } from '../account/getPasswordSettings.ts';
import { getTmpPassword as accountGetTmpPassword } from '../account/getTmpPassword.ts';
import { initPasskeyRegistration as accountInitPasskeyRegistration } from '../account/initPasskeyRegistration.ts';
import { invalidateSignInCodes as accountInvalidateSignInCodes } from '../account/invalidateSignInCodes.ts';
import { registerDevice as accountRegisterDevice } from '../account/registerDevice.ts';
import { registerPasskey as accountRegisterPasskey } from '../account/registerPasskey.ts';
import { resendPasswordEmail as accountResendPasswordEmail } from '../account/resendPasswordEmail.ts';
import { resetPassword as accountResetPassword } from '../account/resetPassword.ts';
import { resetWebAuthorization as accountResetWebAuthorization } from '../account/resetWebAuthorization.ts';
import { resetWebAuthorizations as accountResetWebAuthorizations } from '../account/resetWebAuthorizations.ts';
import { sendChangePhoneCode as accountSendChangePhoneCode } from '../account/sendChangePhoneCode.ts';
import { sendConfirmPhoneCode as accountSendConfirmPhoneCode } from '../account/sendConfirmPhoneCode.ts';
import { sendVerifyEmailCode as accountSendVerifyEmailCode } from '../account/sendVerifyEmailCode.ts';
import { setAccountTTL as accountSetAccountTTL } from '../account/setAccountTTL.ts';
import { setAuthorizationTTL as accountSetAuthorizationTTL } from '../account/setAuthorizationTTL.ts';
import { unregisterDevice as accountUnregisterDevice } from '../account/unregisterDevice.ts';
import { updateDeviceLocked as accountUpdateDeviceLocked } from '../account/updateDeviceLocked.ts';
import { updatePasswordSettings as accountUpdatePasswordSettings } from '../account/updatePasswordSettings.ts';
import { verifyEmail as accountVerifyEmail } from '../account/verifyEmail.ts';
import { checkPassword as authCheckPassword } from '../auth/checkPassword.ts';
import { checkRecoveryPassword as authCheckRecoveryPassword } from '../auth/checkRecoveryPassword.ts';
import { finishPasskeyLogin as authFinishPasskeyLogin } from '../auth/finishPasskeyLogin.ts';
import { importLoginToken as authImportLoginToken } from '../auth/importLoginToken.ts';
import { initPasskeyLogin as authInitPasskeyLogin } from '../auth/initPasskeyLogin.ts';
import { recoverPassword as authRecoverPassword } from '../auth/recoverPassword.ts';
import { reportMissingCode as authReportMissingCode } from '../auth/reportMissingCode.ts';
import { requestPasswordRecovery as authRequestPasswordRecovery } from '../auth/requestPasswordRecovery.ts';
import { resetLoginEmail as authResetLoginEmail } from '../auth/resetLoginEmail.ts';

/** Two-step verification, log-in tokens, devices, the account's number and end. */
export const securityMethods: readonly RpcMethod[] = [
  accountCancelPasswordEmail,
  accountChangeAuthorizationSettings,
  accountChangePhone,
  accountConfirmPasswordEmail,
  accountConfirmPhone,
  accountDeclinePasswordReset,
  accountDeleteAccount,
  accountDeletePasskey,
  accountGetAccountTTL,
  accountGetPassword,
  accountGetPasswordSettings,
  accountGetTmpPassword,
  accountInitPasskeyRegistration,
  accountInvalidateSignInCodes,
  accountRegisterDevice,
  accountRegisterPasskey,
  accountResendPasswordEmail,
  accountResetPassword,
  accountResetWebAuthorization,
  accountResetWebAuthorizations,
  accountSendChangePhoneCode,
  accountSendConfirmPhoneCode,
  accountSendVerifyEmailCode,
  accountSetAccountTTL,
  accountSetAuthorizationTTL,
  accountUnregisterDevice,
  accountUpdateDeviceLocked,
  accountUpdatePasswordSettings,
  accountVerifyEmail,
  authCheckPassword,
  authCheckRecoveryPassword,
  authFinishPasskeyLogin,
  authImportLoginToken,
  authInitPasskeyLogin,
  authRecoverPassword,
  authReportMissingCode,
  authRequestPasswordRecovery,
  authResetLoginEmail,
];
