import { CODE_LENGTH, type SentCode } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** Seconds after which a client offers to send the code another way. */
const RESEND_AFTER_S = 60;

/** Where the code went, as clients show it. Pure. */
export function projectSentCode(sent: SentCode): tl.auth.sentCode {
  if (sent.via === 'sms') {
    return { _: 'auth.sentCode', type: { _: 'auth.sentCodeTypeSms', length: CODE_LENGTH }, phone_code_hash: sent.codeHash };
  }
  return {
    _: 'auth.sentCode',
    type: { _: 'auth.sentCodeTypeApp', length: CODE_LENGTH },
    phone_code_hash: sent.codeHash,
    next_type: { _: 'auth.codeTypeSms' },
    timeout: RESEND_AFTER_S,
  };
}
