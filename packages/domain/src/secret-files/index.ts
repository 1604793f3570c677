/** Files of secret chats: bytes that their sender has encrypted. Nobody looks into them, no two are stored as one, and they are deleted when no message names them any more. */
export { SecretFiles, type SecretFileInput, type UploadedSecretFile } from './secret-files.ts';
export { markSecretFileSent, type SecretFile } from './secret-file-store.ts';
