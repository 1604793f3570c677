/** Accounts that the operator has marked as support, and what these note about people. */
export { Support } from './support.ts';
export { removeUserInfo } from './user-info-store.ts';
