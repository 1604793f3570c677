import type { tl } from '@mtcute/core';
import type { AdminRight, PeerId, Said } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { readAdminRights } from './models/admin-rights.ts';
import { migrateGroup } from './migrate-group.ts';
import { isChannel } from './models/ids.ts';
import { randomLong } from './send/random-long.ts';

/** Adds a bot to a group or channel, and starts it in a group. @returns the group or channel, which is another one if it was a basic group and the bot got rights */
export async function addBot(account: Account, { bot, peer, param, rights }: Said<'bots.addTo'>): Promise<PeerId> {
  const userId = await account.inputUser(bot);
  const at = rights.length > 0 && !isChannel(peer) ? await migrateGroup(account, peer) : peer;
  if (rights.length > 0) {
    const adminRights: tl.RawChatAdminRights = { _: 'chatAdminRights', ...Object.fromEntries(rights.map((right) => [right, true])) };
    await account.change({ _: 'channels.editAdmin', channel: await account.inputChannel(at), userId, adminRights, rank: '' });
  }
  // A channel has no place for the text that starts a bot.
  if (account.store.peers.get(at)?.kind !== 'channel') await account.change({ _: 'messages.startBot', bot: userId, peer: await account.inputPeer(at), startParam: param, randomId: randomLong() });
  account.store.noteDetails(at);
  return at;
}

/** The rights that a bot wants in channels: those that its owner has chosen, or none but to be an admin. */
export async function listChannelRights(account: Account, bot: PeerId): Promise<AdminRight[]> {
  const { fullUser } = await account.call({ _: 'users.getFullUser', id: await account.inputUser(bot) });
  const asked = fullUser.botBroadcastAdminRights === undefined ? [] : readAdminRights(fullUser.botBroadcastAdminRights);
  return asked.length > 0 ? asked : ['other'];
}
