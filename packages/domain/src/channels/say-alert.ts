import type { tl } from '@aerogram/tl';

import type { Acting, ChannelChange } from './channel-change.ts';
import { findShownPosts } from './find-shown-posts.ts';

/** Says that two people who share their live locations in a supergroup have come close to each other. */
export interface ProximityAlert extends Acting {
  /** The message with the location of the actor, who has moved. */
  movedId: number;
  action: tl.messageActionGeoProximityReached;
}

/**
 * Adds the service message of an alert, which shows the author of the location that moved. Does nothing if that location is gone.
 * @throws RpcError 403 MESSAGE_AUTHOR_REQUIRED, and the errors of the rights
 */
export async function sayAlert(channel: ChannelChange, { actorId, movedId, action }: ProximityAlert): Promise<void> {
  channel.check('send_plain');
  const moved = (await findShownPosts(channel, { actorId }, [movedId])).get(movedId);
  if (moved !== undefined) await channel.say(action, { causedBy: moved });
}
