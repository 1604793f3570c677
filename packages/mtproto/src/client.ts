// The client side of the protocol, for tests and load generators: `@aerogram/mtproto/client`.
export { negotiateAuthKey, type NegotiatedKey, type NegotiateOptions, NegotiationError } from './handshake/client.ts';
export { readPlainMessage, writePlainMessage } from './handshake/plain-message.ts';
export { type ClientStream, type ClientStreamOptions, createClientStream, type ServerEvent } from './transport/client-stream.ts';
export { type ClientMessage, ClientSession, encodeContainer, serviceMessage, type ServerMessage } from './client/client-session.ts';
export { type ClientKey, makeKey, RawClient, RawClientError, type RawClientOptions } from './client/raw-client.ts';
export { openWire, type Wire, type WireOptions, type WireOwner } from './client/wire.ts';
export { encryptBinding } from './session/bind-temp-key.ts';
export { type AuthKey, createAuthKey } from './session/envelope.ts';
