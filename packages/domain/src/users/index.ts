/** Users as others see them: profiles, usernames and presence. */
export { insertAccount } from './account-store.ts';
export { listLanguages } from './device-languages.ts';
export { maySee, maySeeFallback } from './may-see.ts';
export type { PresenceSign } from './presence.ts';
export { createProfile, type Profile, projectUserName } from './profile.ts';
export { isReservedUsername } from './reserved-usernames.ts';
export { seedServiceUsers } from './seed-service-users.ts';
export { isUnspaced, joinWords, searchWords, wordsOf } from './user-words.ts';
export { joinAllWords, saveUserWords } from './user-words-store.ts';
export { removePersonalChannel, reserveName, savePersonalChannel, saveProfile, saveUserPhone } from './user-store.ts';
export { createUsers, type Users } from './users.ts';
export { beginsWith, CHANNEL_WORDS, hasWord, queryWords, rankWords, selectByWords, USER_WORDS } from './word-index.ts';
