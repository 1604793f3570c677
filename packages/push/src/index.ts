/** Brings notices to the push services of browsers and phones. Who is told of what is decided in the domain. */
export { type ApnsKey, createApns } from './apns.ts';
export { createPhoneServices, createPushSender, type PhoneKeys } from './create-push-sender.ts';
export { createFcm, type FcmKey, readFcmKey } from './fcm.ts';
export { PushHosts, type PushPlaces } from './push-hosts.ts';
export { createPushRelay } from './push-relay.ts';
export { createRelayClient } from './relay-client.ts';
export { sealNotice } from './seal-notice.ts';
export { readKey } from './signed-token.ts';
export { Vapid } from './vapid.ts';
