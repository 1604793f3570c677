export { createHandshakeOperations, CryptoBusyError, type HandshakeCrypto, type HandshakeOperations, type OpenedRequest } from './handshake-crypto.ts';
export { Greetings } from './greetings.ts';
export { HandshakeRuns, type HandshakeRunsOptions } from './handshake-runs.ts';
export { type PlainMessage, readPlainMessage, writePlainMessage } from './plain-message.ts';
export { type PlayedDcs, TEMP_KEY_LIMIT_S } from './requested-key.ts';
export { type HandshakeDeps, type HandshakeRefusal, type HandshakeStep, ServerHandshake } from './server-handshake.ts';
export { generateServerKey, loadOrCreateServerKeys, type ServerKeys } from './server-keys.ts';
