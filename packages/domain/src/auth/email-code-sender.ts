import type { DomainDeps } from '../shared/index.ts';
import { createDeliveries } from './deliveries.ts';
import { EMAIL_CODE_LENGTH, type EmailCodeRow, type EmailPurpose, isEmailCodeDelivered, markEmailCodeDelivered } from './email-code-store.ts';

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

/** Sends the codes that verify e-mail addresses. */
export interface EmailCodeSender {
  /** Returns a new random code. */
  randomCode(): string;
  /**
   * Sends a code; call it after the commit that created the code. A code that was delivered already is not sent again.
   * @throws RpcError 400 SMS_CODE_CREATE_FAILED
   */
  send(row: EmailCodeRow): Promise<void>;
}

/** Creates the sender of e-mail codes. */
export function createEmailCodeSender(deps: Pick<DomainDeps, 'db' | 'log' | 'metrics' | 'random' | 'codeDelivery'>): EmailCodeSender {
  const { db, random, codeDelivery } = deps;
  const deliveries = createDeliveries(deps);
  return {
    randomCode: () => String(random.uint31() % 10 ** EMAIL_CODE_LENGTH).padStart(EMAIL_CODE_LENGTH, '0'),
    async send(row) {
      if (row.delivered) return;
      // The cast is safe: the server writes only these purposes into the table.
      const purpose = row.purpose as EmailPurpose;
      const mail = {
        email: row.email,
        code: row.code,
        subject: SUBJECTS[purpose],
        text: `Your code: ${row.code}\n\n${SENTENCES[purpose]} It is good for one hour. If you did not ask for it, ignore this message.\n`,
      };
      await deliveries.deliver({ id: `${row.owner} ${row.code}`, way: 'email', purpose }, async () => {
        // Another call may have delivered it since this one read the row.
        if (await isEmailCodeDelivered(db, row)) return;
        await codeDelivery.deliverEmail(mail);
        await db.transact('note-email-delivery', (tx) => markEmailCodeDelivered(tx, row));
      });
    },
  };
}
