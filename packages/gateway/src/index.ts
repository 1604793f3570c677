export type { LiveSession, SessionRegistry, UpdatePusher } from './live-session.ts';
export { createUpdatePusher } from './updates/pusher.ts';
