import { CODE_LENGTH, type CodeWay, emailPattern, type SentCode } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** Seconds after which clients offer to send the code another way. */
const RESEND_AFTER_S = 60;
/** Waiting time in seconds for a reset of the log-in e-mail address. */
const EMAIL_RESET_S = 7 * 24 * 3600;

/** Projects where the code was sent, for clients to show. Pure. */
export function projectSentCode(sent: SentCode, { enterUrl }: { enterUrl: string }): tl.auth.sentCode {
  const next = sent.next === undefined ? undefined : nextType(sent.next);
  return {
    _: 'auth.sentCode',
    type: sentType(sent, enterUrl),
    phone_code_hash: sent.codeHash,
    next_type: next,
    timeout: sent.next === undefined ? undefined : RESEND_AFTER_S,
  };
}

function sentType({ via, email }: SentCode, enterUrl: string): tl.auth.SentCodeType {
  switch (via) {
    case 'app':
      return { _: 'auth.sentCodeTypeApp', length: CODE_LENGTH };
    case 'email_setup':
      return { _: 'auth.sentCodeTypeSetUpEmailRequired' };
    case 'email':
      return {
        _: 'auth.sentCodeTypeEmailCode',
        email_pattern: emailPattern(email?.address ?? ''),
        length: CODE_LENGTH,
        reset_available_period: email?.reset_date === undefined ? EMAIL_RESET_S : undefined,
        reset_pending_date: email?.reset_date,
      };
    // The one kind of code for which apps show an address and open it.
    case 'enter':
      return { _: 'auth.sentCodeTypeFragmentSms', url: enterUrl, length: CODE_LENGTH };
    case 'sms':
      return { _: 'auth.sentCodeTypeSms', length: CODE_LENGTH };
    case 'call':
      return { _: 'auth.sentCodeTypeCall', length: CODE_LENGTH };
  }
}

/** There is no constructor for e-mail, so clients only learn that there is another way. */
function nextType(way: CodeWay): tl.auth.CodeType {
  if (way === 'enter') return { _: 'auth.codeTypeFragmentSms' };
  return way === 'call' ? { _: 'auth.codeTypeCall' } : { _: 'auth.codeTypeSms' };
}
