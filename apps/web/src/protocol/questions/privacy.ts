import type { PeerId, UnixTime } from '../models.ts';
import type { PrivacyKey, PrivacyRule, PrivacyRules } from '../privacy.ts';

/** A site on which somebody has logged in with this account. */
export interface ConnectedSite {
  id: string;
  domain: string;
  /** The bot that speaks for the site. */
  bot: PeerId;
  browser: string;
  place: string;
  active: UnixTime;
}

/** Who may see and do what, and what becomes of the account. */
export interface PrivacyQuestions {
  'privacy.list': { say: void; get: PrivacyRules };
  /** Sets a rule. @returns what the server has made of it */
  'privacy.set': { say: { key: PrivacyKey; rule: PrivacyRule }; get: PrivacyRule };
  /** Whether nobody learns when the account has read a message. */
  'privacy.hidesReading': { say: void; get: boolean };
  'privacy.hideReading': { say: { isHidden: boolean }; get: void };
  /** After how many seconds messages of new chats are deleted; 0 if they stay. */
  'privacy.deleteAfter': { say: void; get: number };
  /** After how many days the server deletes messages of private chats; 0: it keeps them. */
  'privacy.keptDays': { say: void; get: number };
  'privacy.setDeleteAfter': { say: { seconds: number }; get: void };
  'sites.list': { say: void; get: ConnectedSite[] };
  'sites.end': { say: { id: string }; get: void };
  'sites.endAll': { say: void; get: void };
  /** After how many days without a log-in the account is deleted. */
  'account.daysKept': { say: void; get: number };
  'account.setDaysKept': { say: { days: number }; get: void };
  /** Deletes the account with all that it has. @param password empty if it has none */
  'account.delete': { say: { password: string }; get: void };
}
