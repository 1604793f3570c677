import type { DomainDeps } from '../shared/index.ts';
import { addressCodeMail } from './code-mails.ts';
import { createDeliveries } from './deliveries.ts';
import { EMAIL_CODE_LENGTH, type EmailCodeRow, type EmailPurpose, isEmailCodeDelivered, markEmailCodeDelivered } from './email-code-store.ts';

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
export function createEmailCodeSender(deps: Pick<DomainDeps, 'db' | 'log' | 'metrics' | 'random' | 'codeDelivery' | 'config'>): EmailCodeSender {
  const { db, random, codeDelivery, config } = deps;
  const deliveries = createDeliveries(deps);
  return {
    randomCode: () => String(random.uint31() % 10 ** EMAIL_CODE_LENGTH).padStart(EMAIL_CODE_LENGTH, '0'),
    async send(row) {
      if (row.delivered) return;
      // The cast is safe: the server writes only these purposes into the table.
      const purpose = row.purpose as EmailPurpose;
      const mail = addressCodeMail(config, { email: row.email, code: row.code, purpose });
      await deliveries.deliver({ id: `${row.owner} ${row.code}`, way: 'email', purpose }, async () => {
        // Another call may have delivered it since this one read the row.
        if (await isEmailCodeDelivered(db, row)) return;
        await codeDelivery.deliverEmail(mail);
        await db.transact('note-email-delivery', (tx) => markEmailCodeDelivered(tx, row));
      });
    },
  };
}
