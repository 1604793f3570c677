import type { Peer } from '../../protocol/index.ts';

/** Whether a word of a name, a username or the phone number begins with what is looked for. Pure. */
export function isNamed(peer: Peer | undefined, query: string): boolean {
  const wanted = query.trim().replace(/^@/, '').toLowerCase();
  if (wanted === '') return true;
  if (!peer) return false;
  const digits = wanted.replaceAll(/\D/g, '');
  if (digits.length > 3 && peer.phone?.includes(digits)) return true;
  const name = peer.name.toLowerCase();
  return [name, ...name.split(/\s+/), ...peer.usernames.map((username) => username.toLowerCase())].some((word) => word.startsWith(wanted));
}
