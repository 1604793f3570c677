export type { AuthKeyRecord, AuthKeyStore } from './auth-key-store.ts';
