import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { checkedProtocol, mergeProtocols } from '../src/calls/call-protocol.ts';
import { CallReason, endOf } from '../src/calls/call-reason.ts';
import { projectRelays } from '../src/calls/call-relays.ts';
import type { CallRow } from '../src/calls/call-row.ts';
import { projectCall } from '../src/calls/project-call.ts';

const ROW: CallRow = {
  owner_id: 1n, peer_id: 2n, call_id: 3n, is_caller: true, access_hash: 4n, auth_key_id: 5n, peer_auth_key_id: 0n, random_id: 1, video: false, g_a_hash: new Uint8Array(32), g_a: null, g_b: null, fingerprint: null,
  protocol_flags: 3, min_layer: 65, max_layer: 92, versions: ['9.0.0'], p2p: false, date: 1000, received_date: null, received_by: [], accepted_date: null, started_date: null, ended_date: null, deadline: 1025, reason: null, duration: null, rating: null,
};
const NO_RELAYS = { relays: [], secret: undefined };

describe('what both sides of a call do', () => {
  const offer = (...versions: string[]) => ({ protocol_flags: 3, min_layer: 65, max_layer: 92, versions });
  it.each([
    [['13.0.0', '9.0.0', '8.0.0'], ['8.0.0', '13.0.0'], ['8.0.0']],
    [['13.0.0', '10.0.0', '2.7.7'], ['2.7.7', '10.0.0'], ['10.0.0']],
    [['2.4.4', '2.10.0', '2.9.0'], ['2.9.0', '2.10.0'], ['2.10.0']],
    [['13.0.0'], ['4.0.0', '5.0.0'], ['4.0.0', '5.0.0']],
  ])('of %j and %j is %j', (caller, callee, chosen) => {
    expect(mergeProtocols(offer(...caller), offer(...callee)).versions).toEqual(chosen);
  });

  it('is bounded by both in layers and ways', () => {
    expect(mergeProtocols({ protocol_flags: 3, min_layer: 65, max_layer: 92, versions: ['9.0.0'] }, { protocol_flags: 2, min_layer: 70, max_layer: 100, versions: ['9.0.0'] })).toEqual({ protocol_flags: 2, min_layer: 70, max_layer: 92, versions: ['9.0.0'] });
  });

  it('keeps only numbers of an offer, and not endlessly many', () => {
    const versions = ['<b>', '9.0.0', ...Array.from({ length: 60 }, (_, at) => `1.${at}`)];
    const kept = checkedProtocol({ _: 'phoneCallProtocol', udp_p2p: true, min_layer: 65, max_layer: 92, library_versions: versions }).versions;
    expect([kept[0], kept.length]).toEqual(['9.0.0', 32]);
  });
});

describe('the end of a call', () => {
  const HANG_UP = { _: 'phoneCallDiscardReasonHangup' } as const;
  const talking: CallRow = { ...ROW, accepted_date: 1010, started_date: 1012 };
  it.each([
    ['given up by the caller', ROW, { reason: { _: 'phoneCallDiscardReasonBusy' } as const, duration: 7 }, { reason: CallReason.missed, duration: null }],
    ['declined by the callee', { ...ROW, is_caller: false }, { reason: HANG_UP, duration: 7 }, { reason: CallReason.busy, duration: null }],
    ['hung up before the keys', { ...ROW, accepted_date: 1010 }, { reason: { _: 'phoneCallDiscardReasonMissed' } as const, duration: 7 }, { reason: CallReason.hangup, duration: null }],
    ['hung up', talking, { reason: HANG_UP, duration: 20 }, { reason: CallReason.hangup, duration: 20 }],
    ['said to be longer than it was', talking, { reason: HANG_UP, duration: 99_999 }, { reason: CallReason.hangup, duration: 38 }],
    ['said to be of negative length', talking, { reason: { _: 'phoneCallDiscardReasonDisconnect' } as const, duration: -5 }, { reason: CallReason.disconnect, duration: 0 }],
  ])('%s', (_what, row, said, end) => {
    expect(endOf(row, said, 1050)).toEqual(end);
  });
});

describe('who sees what of a call', () => {
  const answered: CallRow = { ...ROW, is_caller: false, auth_key_id: 8n, accepted_date: 1010, g_b: Uint8Array.of(1) };
  it('another device of the caller sees nothing, and one of the callee that has not answered that it is over', () => {
    expect(projectCall(ROW, 6n, NO_RELAYS)).toBeUndefined();
    expect(projectCall(answered, 9n, NO_RELAYS)).toEqual({ _: 'phoneCallDiscarded', id: 3n, video: undefined });
    expect(projectCall(answered, 8n, NO_RELAYS)).toMatchObject({ _: 'phoneCallWaiting' });
  });
});

describe('the relays of a call', () => {
  const call = { callId: (1n << 62n) + 1n, startedDate: 1_800_000_000 };
  it('have STUN and TURN as two entries, with a user and password as coturn expects them', () => {
    const shown = projectRelays([{ kind: 'turn', host: '192.0.2.7', port: 3478 }, { kind: 'stun', host: '2001:db8::7', port: 3479 }], 'secret', call);
    const username = shown[1]!.username;
    expect(shown).toEqual([
      { _: 'phoneConnectionWebrtc', stun: true, id: 1n, ip: '192.0.2.7', ipv6: '', port: 3478, username: '', password: '' },
      { _: 'phoneConnectionWebrtc', turn: true, id: 2n, ip: '192.0.2.7', ipv6: '', port: 3478, username, password: createHmac('sha1', 'secret').update(username).digest('base64') },
      { _: 'phoneConnectionWebrtc', stun: true, id: 3n, ip: '', ipv6: '2001:db8::7', port: 3479, username: '', password: '' },
    ]);
    // Some engines refuse longer ones.
    expect(username).toMatch(/^1800086400:[0-9a-z]+$/);
    expect(username.length).toBeLessThanOrEqual(32);
  });

  it('without a secret are only asked for addresses', () => {
    expect(projectRelays([{ kind: 'turn', host: '192.0.2.7', port: 3478 }], undefined, call)).toMatchObject([{ stun: true, username: '', password: '' }]);
  });
});
