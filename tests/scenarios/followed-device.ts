import type { Device } from '@aerogram/dev-env';

/** A device that asks for what it has missed whenever the server says that its session has begun anew, as clients do. */
export interface Followed {
  /** Waits until it has all that it asked for. @throws what the asking failed with */
  caughtUp(): Promise<void>;
}

/** Level of the library's log at which it tells of `new_session_created`. */
const DEBUG = 4;

/** Has a device ask for the difference after each `new_session_created` of the client that it has now. */
export function follow(device: Device): Followed {
  const { mgr } = device.client.log;
  let reading = Promise.resolve();
  // The library has no event for it: it means to push `updatesTooLong`, but compares with an id of the session that it never keeps.
  mgr.level = DEBUG;
  mgr.handler = (_color, _level, _tag, text) => {
    if (!text.includes('received new_session_created, uid')) return;
    device.state.forgetPushes();
    reading = reading.then(async () => void (await device.catchUp()));
    // It is thrown to whoever waits.
    reading.catch(() => undefined);
  };
  return { caughtUp: () => reading };
}
