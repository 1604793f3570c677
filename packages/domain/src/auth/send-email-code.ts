import type { DomainDeps } from '../deps.ts';
import type { EmailCodeRow, EmailPurpose } from './email-code-store.ts';

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

/** Sends a code that was just made. After commit; one that is on its way already is not sent again. */
export async function sendEmailCode(
  { codeDelivery }: Pick<DomainDeps, 'codeDelivery'>,
  { row, fresh }: { row: EmailCodeRow; fresh: boolean },
): Promise<void> {
  if (!fresh) return;
  // Only purposes that this server writes stand in the table.
  const purpose = row.purpose as EmailPurpose;
  await codeDelivery.deliverEmail({
    email: row.email,
    code: row.code,
    subject: SUBJECTS[purpose],
    text: `Your code: ${row.code}\n\n${SENTENCES[purpose]} It is good for one hour. If you did not ask for it, ignore this message.\n`,
  });
}
