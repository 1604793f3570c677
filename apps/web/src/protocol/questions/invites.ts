import type { InviteLink, LinkTerms } from '../manage.ts';
import type { PeerId } from '../models.ts';
import type { EntrantPage } from './groups.ts';

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
  /** @param admin whose links they are, if not those of the account */
  'invites.deleteRevoked': { say: { peer: PeerId; admin?: PeerId }; get: void };
  /** Members who came by a link, the last one first. @param offset `next` of the page before */
  'invites.joined': { say: { peer: PeerId; hash: string; offset?: string }; get: EntrantPage };
  /** Other admins who have made links, as the owner sees them. */
  'invites.admins': { say: { peer: PeerId }; get: { admin: PeerId; count: number }[] };
}
