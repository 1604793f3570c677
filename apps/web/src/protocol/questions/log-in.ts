import type { PeerId } from '../models.ts';

/** How a log-in code reached the person. */
export type CodeWay = 'app' | 'sms' | 'call' | 'email' | 'enter' | 'other';

/** What the log-in page has to show. */
export type LogInStep =
  /** `phone`: the number that was given before. */
  | { step: 'phone'; phone?: string }
  /** `isRenewed`: the code before it was too old. */
  | { step: 'code'; isRenewed?: boolean; phone: string; way: CodeWay; length?: number; email?: string; url?: string; canResendAt?: number; next?: CodeWay; canResetEmail?: boolean; emailResetAt?: number }
  | { step: 'emailAddress'; phone: string }
  | { step: 'emailCode'; phone: string; email: string; length: number }
  | { step: 'signUp'; phone: string }
  | { step: 'password'; hint?: string; hasRecovery: boolean }
  | { step: 'recovery'; email: string }
  /** `url` is missing until the server has given the first one. */
  | { step: 'qr'; url?: string };

/** Where people log in with the account of their company. */
export interface CompanyEntry {
  /** What they log in with. */
  name: string;
  /** The page of the server for it. */
  address: string;
}

/** A link that logs in without a code. */
export interface LogInLink {
  token: string;
  /** Whom it is for. */
  user: PeerId;
}

/** Log-in and log-out. */
export interface LogInQuestions {
  'logIn.sendCode': { say: { phone: string }; get: void };
  'logIn.resendCode': { say: void; get: void };
  'logIn.enterCode': { say: { code: string }; get: void };
  'logIn.setEmail': { say: { email: string }; get: void };
  'logIn.resetEmail': { say: void; get: void };
  'logIn.signUp': { say: { firstName: string; lastName: string; photo?: Blob }; get: void };
  'logIn.enterPassword': { say: { password: string }; get: void };
  'logIn.startRecovery': { say: void; get: void };
  'logIn.recover': { say: { code: string }; get: void };
  /** Logs in by the token of a link. @throws RefusedError `OTHER_ACCOUNT` if somebody else is logged in */
  'logIn.useLink': { say: LogInLink; get: void };
  'logIn.showQr': { say: void; get: void };
  'logIn.back': { say: void; get: void };
  'logIn.logOut': { say: void; get: void };
}
