/** Notices for devices whose app is closed: who is told of what, and when; the package `push` brings them to the services of phones and browsers. */
export { isReachQuestion, isWakeHint, type ReachAnswer, type ReachQuestion, type WakeHint } from './ask-reach.ts';
export type { Reach } from './decide-notice.ts';
export { createNotices, type Notices } from './create-notices.ts';
export type { NoticePayload } from './write-notice.ts';
