/** Reads message boxes for clients: the state, differences, and the projection of events to TL updates. */
export type { BoxReach, KnownPositions } from './list-events.ts';
export { createUpdates, type Updates } from './updates.ts';
