/** Users as others see them: profiles, usernames and presence. */
export { confirmPhone, releasePhone, reservePhone, takePhone } from './directory-store.ts';
export type { PresenceSign } from './presence.ts';
export { createProfile, type Profile } from './profile.ts';
export { seedServiceUsers } from './seed-service-users.ts';
export { isUnspaced, joinWords, searchWords, wordsOf } from './user-words.ts';
export { saveUserWords } from './user-words-store.ts';
export { saveUserPhone } from './user-store.ts';
export { createUsers, type Users } from './users.ts';
