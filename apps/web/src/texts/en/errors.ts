/** Why something did not work. */
export const errorsTexts = {
  errorInternal: 'This did not work. Try again.',
  errorOffline: 'The server cannot be reached.',
  errorFlood: 'Too many attempts. Try again in {time}.',
  errorPhone: 'This is no phone number.',
  errorBanned: 'This number may not be used here.',
  errorCode: 'The code is wrong.',
  errorCodeExpired: 'The code is too old. Send it again.',
  errorPassword: 'The password is wrong.',
  errorName: 'This name cannot be used.',
  errorEmail: 'This is no e-mail address that the server takes.',
  errorRights: 'You may not do this here.',
  errorGone: 'This is no longer there.',
} as const;
