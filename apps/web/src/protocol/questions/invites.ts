import type { InviteLink, LinkTerms } from '../manage.ts';
import type { PeerId, UnixTime } from '../models.ts';

/** Invite links of groups and channels. A link is named by its hash. */
export interface InviteQuestions {
  'invites.more': { say: { view: number }; get: void };
  'invites.get': { say: { peer: PeerId; hash: string }; get: InviteLink };
  /** Changes the invite link with this hash, or creates a new one if no hash is given. A link that needs approval has no `max`. */
  'invites.save': { say: { peer: PeerId; hash?: string; terms: LinkTerms }; get: InviteLink };
  /** Ends a link. Another one takes the place of a permanent one. */
  'invites.revoke': { say: { peer: PeerId; hash: string }; get: void };
  /** Forgets a link that was revoked. */
  'invites.delete': { say: { peer: PeerId; hash: string }; get: void };
  'invites.deleteRevoked': { say: { peer: PeerId }; get: void };
  /** Members who came by a link, the last one first. @param offset `next` of the page before */
  'invites.joined': { say: { peer: PeerId; hash: string; offset?: string }; get: { people: { peer: PeerId; date: UnixTime }[]; next?: string } };
}
