import type { DomainConfig, OutgoingEmail } from '../shared/index.ts';
import type { EmailPurpose } from './email-code-store.ts';

const SUBJECTS: Record<EmailPurpose, string> = {
  confirm_password_email: 'Confirm your recovery e-mail',
  recovery: 'Recover your password',
  login_change: 'Confirm your new login e-mail',
  login_setup: 'Confirm your login e-mail',
};

const SENTENCES: Record<EmailPurpose, string> = {
  confirm_password_email: 'Enter this code to make this address the recovery e-mail of your two-step verification.',
  recovery: 'Enter this code to reset the password of your two-step verification.',
  login_change: 'Enter this code to receive your login codes at this address.',
  login_setup: 'Enter this code to receive your login codes at this address.',
};

/** The settings by which people know a server. */
export type ServerName = Pick<DomainConfig, 'webAddress' | 'publicAddress' | 'publicAddressV6'>;

/** What mails call a server: the address of its pages, or the one that apps connect to; without either, the program. Pure. */
function nameOf({ webAddress, publicAddress, publicAddressV6 }: ServerName): string {
  return webAddress === undefined ? (publicAddress ?? publicAddressV6 ?? 'Aerogram') : new URL(webAddress).host;
}

/** The mail with a code by which somebody logs in with a number. Whoever has the address has the account, and may have been given the number by the server. Pure. */
export function loginCodeMail(server: ServerName, { email, code, phone }: { email: string; code: string; phone: string }): OutgoingEmail {
  const name = nameOf(server);
  return {
    email,
    code,
    subject: `Your login code for ${name}`,
    text: `Your login code: ${code}\n\nIt is for the number +${phone} at ${name}. Do not give it to anyone. If you did not ask for it, ignore this message.\n`,
  };
}

/** The mail with a code that verifies an address. Pure. */
export function addressCodeMail(server: ServerName, { email, code, purpose }: { email: string; code: string; purpose: EmailPurpose }): OutgoingEmail {
  const name = nameOf(server);
  return {
    email,
    code,
    subject: `${SUBJECTS[purpose]} at ${name}`,
    text: `Your code: ${code}\n\n${SENTENCES[purpose]} It is for ${name}, and good for one hour. If you did not ask for it, ignore this message.\n`,
  };
}
