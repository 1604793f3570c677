/** Reads message boxes for clients: state, differences, and the updates they are projected to. */
export type { BoxReach, KnownPositions } from './list-events.ts';
export { createUpdates, type Updates } from './updates.ts';
