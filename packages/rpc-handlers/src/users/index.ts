export { getFullUser } from './getFullUser.ts';
export { getRequirementsToContact } from './getRequirementsToContact.ts';
export { getSavedMusic } from './getSavedMusic.ts';
export { getSavedMusicByID } from './getSavedMusicByID.ts';
export { getUsers } from './getUsers.ts';
export { suggestBirthday } from './suggestBirthday.ts';
