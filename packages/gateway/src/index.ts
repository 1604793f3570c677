export type { LiveSession, SessionRegistry, UpdatePusher } from './live-session.ts';
