export { getExportedInvites } from './getExportedInvites.ts';
