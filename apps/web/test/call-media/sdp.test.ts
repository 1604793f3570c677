import { describe, expect, test } from 'vitest';
import { clashes, narrow, readMids, readSent, readSetup, type Section, withoutClashes, writeRemote } from '../../src/call-media/sdp.ts';
import type { InitialSetup, MediaContent, PayloadType } from '../../src/call-media/signalling-messages.ts';

const SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const SETUP: InitialSetup = { type: 'InitialSetup', ufrag: 'abcd', pwd: 'p'.repeat(24), renomination: false, fingerprints: [{ hash: 'sha-256', setup: 'active', fingerprint: 'AB:CD' }] };
const codec = (id: number, name: string, rest: Partial<PayloadType> = {}): PayloadType => ({ id, name, clockrate: 90_000, channels: 0, feedbackTypes: [], parameters: {}, ...rest });
const AUDIO: MediaContent = {
  type: 'audio', ssrc: 11, ssrcGroups: [], rtpExtensions: [{ id: 2, uri: SEND_TIME }],
  payloadTypes: [codec(111, 'opus', { clockrate: 48_000, channels: 2, feedbackTypes: [{ type: 'transport-cc', subtype: '' }], parameters: { minptime: '10', useinbandfec: '1' } })],
};
const VIDEO: MediaContent = {
  type: 'video', ssrc: 21, ssrcGroups: [{ semantics: 'FID', ssrcs: [21, 22] }], rtpExtensions: [],
  payloadTypes: [codec(96, 'VP8', { feedbackTypes: [{ type: 'nack', subtype: 'pli' }] }), codec(97, 'rtx', { parameters: { apt: '96' } })],
};
const received = (mid: string, content: MediaContent): Section => ({ mid, kind: 'received', media: content.type, content, last: content });
const DATA: Section = { mid: '0', kind: 'data' };

describe('descriptions', () => {
  test('of the other end say what its messages said', () => {
    const sections: Section[] = [DATA, received('r1', AUDIO), received('r2', VIDEO)];
    const sdp = writeRemote(sections, { setup: SETUP, role: 'active' }, 3);
    expect(readMids(sdp)).toEqual(['0', 'r1', 'r2']);
    expect(readSetup(sdp)).toEqual(SETUP);
    expect([...readSent(sdp)]).toEqual([['r1', AUDIO], ['r2', VIDEO]]);
    expect(sdp).toContain('a=group:BUNDLE 0 r1 r2\r\n');
  });

  test('have a part that is not used where a stream has ended or was not accepted', () => {
    const ended: Section = { mid: 'r1', kind: 'received', media: 'audio', content: undefined, last: AUDIO };
    const refused: Section = { mid: '1', kind: 'sent', media: 'video', own: VIDEO, accepted: undefined };
    const sdp = writeRemote([DATA, ended, refused], { setup: SETUP, role: 'passive' }, 1);
    expect(sdp.match(/a=inactive/g)).toHaveLength(2);
    expect(sdp).not.toContain('a=ssrc');
  });

  test('have of an own stream only what was accepted', () => {
    const accepted: MediaContent = { ...AUDIO, payloadTypes: AUDIO.payloadTypes.map((each) => ({ ...each, feedbackTypes: [] })), rtpExtensions: [] };
    const sdp = writeRemote([DATA, { mid: '1', kind: 'sent', media: 'audio', own: AUDIO, accepted }], { setup: SETUP, role: 'active' }, 1);
    expect(sdp).toContain('a=recvonly');
    expect(sdp).not.toMatch(/extmap|transport-cc/);
  });

  test('hold nothing that this client does not understand', () => {
    const more = [codec(45, 'AV1'), codec(46, 'rtx', { parameters: { apt: '45' } }), codec(98, 'H264')];
    const groups = [{ semantics: 'SIM', ssrcs: [21, 31] }, ...VIDEO.ssrcGroups];
    expect(narrow({ ...VIDEO, payloadTypes: [...more, ...VIDEO.payloadTypes], ssrcGroups: groups, rtpExtensions: [{ id: 4, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }, { id: 200, uri: SEND_TIME }] })).toEqual(VIDEO);
    expect(narrow({ ...VIDEO, payloadTypes: more })).toBeUndefined();
  });

  test('have no number twice with two meanings', () => {
    const other = { ...VIDEO, rtpExtensions: [{ id: 2, uri: 'urn:3gpp:video-orientation' }] };
    const [, first, second] = withoutClashes([DATA, received('r1', AUDIO), received('r2', other)]);
    expect([first, second]).toMatchObject([{ content: { rtpExtensions: AUDIO.rtpExtensions } }, { content: { rtpExtensions: [] } }]);
    const own: Section = { mid: '1', kind: 'sent', media: 'video', own: VIDEO, accepted: VIDEO };
    expect(clashes({ ...AUDIO, payloadTypes: [{ ...AUDIO.payloadTypes[0]!, id: 96 }] }, [own])).toBe(true);
    expect(clashes(AUDIO, [own])).toBe(false);
  });
});
