export { editPeerFolders } from './editPeerFolders.ts';
