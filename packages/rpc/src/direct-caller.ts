import type { KeyState } from '@aerogram/domain';
import { LAYER } from '@aerogram/tl';

import type { SessionRef } from './call.ts';

/** Who calls from within the server: a caller that somebody else has recognised, such as the Bot API by a token. */
export interface DirectCaller {
  key: KeyState;
  /** The same object for all calls of one caller, whose sends to one peer keep their order. */
  session: SessionRef;
}

/** No key of a client has this id, so no device takes what is done by a direct call for its own doing. */
const NO_KEY = 0n;

/** A person or bot as a direct caller. All calls with it are of one session. @param place where the calls come from */
export function directCallerOf({ userId, isBot, dcId }: { userId: bigint; isBot: boolean; dcId: number }, place: Pick<SessionRef, 'remoteAddress' | 'localAddress' | 'localPort'>): DirectCaller {
  return {
    key: {
      authKeyId: NO_KEY,
      permAuthKeyId: NO_KEY,
      expires_date: undefined,
      dcId,
      userId,
      bot: isBot,
      passwordPending: false,
      pendingUserId: undefined,
      revoked: false,
      deactivated: false,
      layer: LAYER,
      init: undefined,
      seenDate: 0,
    },
    session: { authKeyId: NO_KEY, sessionId: userId, ...place },
  };
}
