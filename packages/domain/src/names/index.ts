/** Phone numbers and usernames: each belongs to one peer of the whole community. */
export { NameAnswers } from './answer-names.ts';
export { findBannedPhone } from './banned-numbers.ts';
export { confirmPhone, findNamedPeer, holdPhone, releasePhone, releaseUsername, reservePhone, reserveUsername, STALE_S, takePhone } from './directory-store.ts';
export type { Name } from './name.ts';
export { findDecider, Names } from './names.ts';
export { NameTeller } from './tell-names.ts';
