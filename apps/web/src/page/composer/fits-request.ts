import type { Peer, PeerRequest } from '../../protocol/index.ts';
import { isPerson } from '../people/is-person.ts';

const fits = (wanted: boolean | undefined, value: boolean): boolean => wanted === undefined || wanted === value;

/** Whether a bot asks for such a peer, as far as the account can give it. Pure. */
export function fitsRequest(peer: Peer, request: PeerRequest): boolean {
  if (request.kind === 'user') return isPerson(peer) && fits(request.isBot, peer.isBot === true) && fits(request.isPremium, peer.isPremium === true);
  const isKind = request.kind === 'channel' ? peer.kind === 'channel' : peer.kind === 'group' || peer.kind === 'supergroup';
  if (!isKind || peer.isMember !== true || peer.migratedTo !== undefined) return false;
  if (!fits(request.isPublic, peer.usernames.length > 0) || !fits(request.isForum, peer.isForum === true)) return false;
  if (peer.isCreator === true) return true;
  const { isAdmin, adminRights = [], rights } = peer;
  if (request.isCreator || (request.ownRights !== undefined && !isAdmin) || request.ownRights?.some((right) => !adminRights.includes(right)) === true) return false;
  if (request.botBecomes === undefined) return true;
  return request.botBecomes === 'member' ? rights.invite : adminRights.includes('addAdmins');
}
