/** Brings notices to the push services of browsers and phones. Who is told of what is decided in the domain. */
export { createPushSender } from './create-push-sender.ts';
export type { PushPlaces } from './push-hosts.ts';
export { sealNotice } from './seal-notice.ts';
export { Vapid } from './vapid.ts';
