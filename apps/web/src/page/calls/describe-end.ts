import type { CallEndReason } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';

/** Why a call ended, in words. */
export const END_TEXTS: Readonly<Record<CallEndReason, TextKey>> = {
  noAnswer: 'callNoAnswer',
  declined: 'callDeclined',
  over: 'callOver',
  lost: 'callLost',
  elsewhere: 'callElsewhere',
  missed: 'callMissed',
  insecure: 'callInsecure',
};

/** Why the server, or the worker, refused to make a call, in words; others are told as ever. */
export const REFUSALS: Readonly<Record<string, TextKey>> = {
  CALL_BUSY: 'callBusy',
  CALL_INSECURE: 'callUnsafe',
  CALL_OCCUPY_FAILED: 'callTooMany',
  USER_PRIVACY_RESTRICTED: 'callRefused',
  USER_IS_BLOCKED: 'callBlocked',
  YOU_BLOCKED_USER: 'callBlocked',
};
