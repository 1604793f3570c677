export type { BoxStep, LiveSession, SessionRegistry, UpdatePusher } from './live-session.ts';
