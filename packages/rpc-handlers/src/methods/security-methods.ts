import type { RpcMethod } from '@aerogram/rpc';

import { checkPassword as authCheckPassword } from '../auth/checkPassword.ts';
import { checkRecoveryPassword as authCheckRecoveryPassword } from '../auth/checkRecoveryPassword.ts';
import { importLoginToken as authImportLoginToken } from '../auth/importLoginToken.ts';
import { recoverPassword as authRecoverPassword } from '../auth/recoverPassword.ts';
import { requestPasswordRecovery as authRequestPasswordRecovery } from '../auth/requestPasswordRecovery.ts';
import { cancelPasswordEmail as accountCancelPasswordEmail } from '../account/cancelPasswordEmail.ts';
import { confirmPasswordEmail as accountConfirmPasswordEmail } from '../account/confirmPasswordEmail.ts';
import { declinePasswordReset as accountDeclinePasswordReset } from '../account/declinePasswordReset.ts';
import { getPassword as accountGetPassword } from '../account/getPassword.ts';
import { getPasswordSettings as accountGetPasswordSettings } from '../account/getPasswordSettings.ts';
import { getTmpPassword as accountGetTmpPassword } from '../account/getTmpPassword.ts';
import { resendPasswordEmail as accountResendPasswordEmail } from '../account/resendPasswordEmail.ts';
import { resetPassword as accountResetPassword } from '../account/resetPassword.ts';
import { updatePasswordSettings as accountUpdatePasswordSettings } from '../account/updatePasswordSettings.ts';

/** Two-step verification, log-in tokens, devices, the account's number and end. */
export const securityMethods: readonly RpcMethod[] = [
  authCheckPassword,
  authCheckRecoveryPassword,
  authImportLoginToken,
  authRecoverPassword,
  authRequestPasswordRecovery,
  accountCancelPasswordEmail,
  accountConfirmPasswordEmail,
  accountDeclinePasswordReset,
  accountGetPassword,
  accountGetPasswordSettings,
  accountGetTmpPassword,
  accountResendPasswordEmail,
  accountResetPassword,
  accountUpdatePasswordSettings,
];
