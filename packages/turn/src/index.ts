export { isUserGood, longTermKey, passwordOf } from './credentials.ts';
export { StreamFrames } from './stream-frames.ts';
export { ATTRIBUTE, type ErrorCode, KIND, METHOD } from './stun-constants.ts';
export { StunMessage } from './stun-message.ts';
export { StunWriter } from './stun-writer.ts';
export { type Family, familyOf, type TransportAddress } from './transport-address.ts';
export { TurnServer } from './turn-server.ts';
export { type Listener, type RelaySocket, TURN_LIMITS, type TurnCounts, type TurnLimits, type TurnOptions, type TurnWorld } from './turn-types.ts';
