/** Calls between two people: who rings, who has answered, how a call ends, and what both devices say to each other until they are connected. Sound and pictures never come here. */
export type { CallRef } from './access-call.ts';
export { CALL_NOTICES, Calls, type CallsDeps, type OrderCallNotices } from './calls.ts';
export { endTimeOfCalls, findRingingFrom } from './call-store.ts';
export { type CallRow, stateOf } from './call-row.ts';
