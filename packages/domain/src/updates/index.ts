/** Reads message boxes for clients: the state, differences, and the projection of events to TL updates. */
export type { BoxReach, KnownPositions } from './box-state.ts';
export { createUpdates, type Updates } from './updates.ts';
export { type ChannelLogs, createChannelLogs } from './channel-logs.ts';
export type { PushClass, PushClasses } from './push-classes.ts';
export { type ChannelUpdates, createChannelUpdates } from './channel-updates.ts';
