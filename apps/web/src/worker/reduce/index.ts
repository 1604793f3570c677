// Updates of the server become rows of the store here: pure of I/O, one function a kind of update.
import type { RawUpdateInfo, tl } from '@mtcute/core';
import { chatReducers } from './chats.ts';
import type { ReduceContext, Reducer, Reducers } from './context.ts';
import { messageReducers } from './messages.ts';
import { peopleReducers } from './people.ts';
import { storePeers } from './peers.ts';
import { pollReducers } from './polls.ts';
import { topicReducers } from './topics.ts';

export type { ReduceContext } from './context.ts';
export { storePeers } from './peers.ts';
export { ARCHIVE_ID, noteThreadRead, setDraft } from './chats.ts';
export { readContents, removeMessages } from './messages.ts';
export { noteTopicRead, readAllTopics } from './topics.ts';

const REDUCERS: Reducers = { ...messageReducers, ...chatReducers, ...topicReducers, ...pollReducers, ...peopleReducers };

/** Takes over one update with the peers that came with it. Updates that no view shows change nothing. */
export function reduce(context: ReduceContext, { update, peers }: RawUpdateInfo): void {
  storePeers(context.store, peers.users.values(), peers.chats.values());
  const reducer = REDUCERS[update._] as Reducer<tl.TypeUpdate['_']> | undefined;
  reducer?.(context, update);
}
