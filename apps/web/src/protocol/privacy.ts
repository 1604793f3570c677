// Who may see and do what with the account.
import type { PeerId } from './models.ts';

/** What a rule is about. */
export type PrivacyKey = 'phone' | 'foundByPhone' | 'lastSeen' | 'photo' | 'bio' | 'birthday' | 'forwards' | 'calls' | 'callAddress' | 'groups' | 'voice';

/** Who may: most people, and exceptions of both kinds, which are people and groups. What is never allowed counts more than what always is. */
export interface PrivacyRule {
  most: 'everybody' | 'contacts' | 'nobody';
  always: PeerId[];
  never: PeerId[];
}

/** The rule of each key. */
export type PrivacyRules = Record<PrivacyKey, PrivacyRule>;
