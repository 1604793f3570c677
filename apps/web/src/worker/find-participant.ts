import type { tl } from '@mtcute/core';
import type { PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { isRefusal } from './refusal.ts';

/** What somebody is in a supergroup or channel. @returns undefined for those who never were in it */
export async function findParticipant(account: Account, channel: tl.RawInputChannel, user: PeerId): Promise<tl.TypeChannelParticipant | undefined> {
  try {
    return (await account.call({ _: 'channels.getParticipant', channel, participant: await account.inputPeer(user) })).participant;
  } catch (error) {
    if (isRefusal(error, 'USER_NOT_PARTICIPANT')) return undefined;
    throw error;
  }
}
