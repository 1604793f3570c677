import type { PeerId } from '../models.ts';

/** Contacts, and people whom one does not want to hear of. */
export interface PersonQuestions {
  /** By phone number, or somebody who is known already; who is a contact gets another name. */
  'contacts.add': { say: { user?: PeerId; phone?: string; firstName: string; lastName: string; sharesPhone?: boolean }; get: PeerId };
  'contacts.remove': { say: { user: PeerId }; get: void };
  /** Lets somebody see the own phone number. */
  'people.sharePhone': { say: { user: PeerId }; get: void };
  'people.setBlocked': { say: { peer: PeerId; isBlocked: boolean }; get: void };
  'people.blocked': { say: { offset: number }; get: { peers: PeerId[]; total: number } };
  'people.reportSpam': { say: { peer: PeerId }; get: void };
  /** Hides the bar with what one can do about a stranger. */
  'people.hideBar': { say: { peer: PeerId }; get: void };
  /** Groups that the account and somebody are both in. */
  'people.common': { say: { user: PeerId }; get: PeerId[] };
}
