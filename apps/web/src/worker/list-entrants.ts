import type { tl } from '@mtcute/core';
import type { EntrantPage, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { userPeer } from './models/ids.ts';

/** People who are loaded at once. */
const PAGE = 50;

/**
 * Lists people who came into a group or channel by a link, or who ask to be let in.
 * @param which their link, or that they only ask
 * @param offset `next` of the page before
 */
export async function listEntrants(account: Account, peer: PeerId, which: { link: string } | { requested: true }, offset: string | undefined): Promise<EntrantPage> {
  const [date = 0, user = 0] = (offset ?? '').split('_').map(Number);
  const offsetUser: tl.TypeInputUser = offset === undefined ? { _: 'inputUserEmpty' } : await account.inputUser(user);
  const { importers } = await account.call({ _: 'messages.getChatInviteImporters', peer: await account.inputPeer(peer), ...which, offsetDate: date, offsetUser, limit: PAGE });
  const people = importers.map((importer) => ({ peer: userPeer(importer.userId), date: importer.date }));
  const last = people.at(-1);
  return { people, next: last && people.length === PAGE ? `${last.date}_${last.peer}` : undefined };
}
