import type { tl } from '@mtcute/core';
import Long from 'long';
import { expect, test } from 'vitest';
import { session } from '../src/page/ground/link.ts';
import { describeService } from '../src/page/parts/service.ts';
import { readAction } from '../src/worker/models/service.ts';

const ME = 7;
const OTHER = 8;
/** The line about a call in the chat with somebody. */
const lineOf = (from: number, call: Partial<tl.RawMessageActionPhoneCall>): string =>
  describeService(readAction({ _: 'messageActionPhoneCall', callId: Long.ONE, ...call }, OTHER), from);

test('the line about a call says how it went, as seen by who reads it', () => {
  session.value = { ...session.value, me: ME };
  const missed: tl.TypePhoneCallDiscardReason = { _: 'phoneCallDiscardReasonMissed' };
  expect([lineOf(ME, { reason: missed }), lineOf(OTHER, { reason: missed }), lineOf(OTHER, { reason: missed, video: true })]).toEqual(['Cancelled call', 'Missed call', 'Missed video call']);
  expect([lineOf(ME, { reason: { _: 'phoneCallDiscardReasonBusy' } }), lineOf(OTHER, { reason: { _: 'phoneCallDiscardReasonBusy' }, video: true })]).toEqual(['Declined call', 'Declined video call']);
  expect(lineOf(ME, { reason: { _: 'phoneCallDiscardReasonHangup' }, duration: 120 })).toBe('Call, 2:00');
  expect(lineOf(OTHER, { reason: { _: 'phoneCallDiscardReasonDisconnect' }, video: true })).toBe('Video call');
});
