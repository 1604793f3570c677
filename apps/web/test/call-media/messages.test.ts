import { describe, expect, test } from 'vitest';
import { type CallMessage, parseMessage, writeMessage } from '../../src/call-media/signalling-messages.ts';

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');
const SETUP = { '@type': 'InitialSetup', ufrag: 'abcd', pwd: 'p'.repeat(24), renomination: true, fingerprints: [{ hash: 'sha-256', setup: 'actpass', fingerprint: FINGERPRINT }] };
const CONTENT = {
  type: 'video',
  ssrc: '4000000000',
  ssrcGroups: [{ semantics: 'FID', ssrcs: ['4000000000', 7] }],
  payloadTypes: [{ id: 96, name: 'VP8', clockrate: 90000, channels: 0, feedbackTypes: [{ type: 'nack', subtype: 'pli' }, { type: 'goog-remb', subtype: '' }], parameters: { 'x-google-start-bitrate': '800' } }],
  rtpExtensions: [{ id: 2, uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time' }],
};
const CHANNELS = { '@type': 'NegotiateChannels', exchangeId: '-1', contents: [CONTENT] };
const read = (value: unknown): CallMessage | undefined => parseMessage(JSON.stringify(value));

describe('a message of a call', () => {
  test('is read and written again', () => {
    const { '@type': type, ...setup } = SETUP;
    expect(read(SETUP)).toEqual({ type, ...setup });
    expect(read(CHANNELS)).toMatchObject({ exchangeId: 0xffffffff, contents: [{ ssrc: 4_000_000_000, ssrcGroups: [{ ssrcs: [4_000_000_000, 7] }] }] });
    expect(read({ '@type': 'Candidates', candidates: [{ sdpString: 'a=candidate:1 1 udp 2 127.0.0.1 5 typ host' }, { sdpString: 'candidate:2 1 udp 2 ::1 5 typ host', sdpMid: '0' }] })).toEqual({
      type: 'Candidates', candidates: ['candidate:1 1 udp 2 127.0.0.1 5 typ host', 'candidate:2 1 udp 2 ::1 5 typ host'],
    });
    for (const each of [SETUP, CHANNELS, { '@type': 'MediaState', muted: true, videoState: 'active' }]) {
      const message = read(each)!;
      expect(parseMessage(writeMessage(message))).toEqual(message);
    }
  });

  test('is written as native clients read it', () => {
    expect(JSON.parse(writeMessage(read(CHANNELS)!))).toEqual({ ...CHANNELS, exchangeId: '4294967295', contents: [{ ...CONTENT, ssrcGroups: [{ semantics: 'FID', ssrcs: ['4000000000', '7'] }] }] });
    expect(JSON.parse(writeMessage(read({ '@type': 'MediaState', muted: true })!))).toEqual({ '@type': 'MediaState', muted: true, lowBattery: false, videoState: 'inactive', videoRotation: 0, screencastState: 'inactive' });
  });

  test.each<[string, unknown]>([
    ['no object', []],
    ['an unknown one', { '@type': 'Other' }],
    ['a name that ends a line', { ...SETUP, ufrag: 'abcd\r\na=x' }],
    ['a password that ends a line', { ...SETUP, pwd: 'abcdefgh\n' }],
    ['no fingerprint', { ...SETUP, fingerprints: [] }],
    ['a fingerprint with something behind it', { ...SETUP, fingerprints: [{ hash: 'sha-256', setup: 'active', fingerprint: `${FINGERPRINT}\r\na=x` }] }],
    ['an unknown hash', { ...SETUP, fingerprints: [{ hash: 'md5', setup: 'active', fingerprint: FINGERPRINT }] }],
    ['many streams', { ...CHANNELS, contents: Array.from({ length: 5 }, () => CONTENT) }],
    ['a stream without a source', { ...CHANNELS, contents: [{ ...CONTENT, ssrc: 0 }] }],
    ['many codecs', { ...CHANNELS, contents: [{ ...CONTENT, payloadTypes: Array.from({ length: 65 }, () => CONTENT.payloadTypes[0]) }] }],
    ['a codec that ends a line', { ...CHANNELS, contents: [{ ...CONTENT, payloadTypes: [{ ...CONTENT.payloadTypes[0], name: 'VP8\r\na=x' }] }] }],
    ['a setting that ends a line', { ...CHANNELS, contents: [{ ...CONTENT, payloadTypes: [{ ...CONTENT.payloadTypes[0], parameters: { a: 'b\nc' } }] }] }],
    ['an extension that ends a line', { ...CHANNELS, contents: [{ ...CONTENT, rtpExtensions: [{ id: 1, uri: 'urn:x\r\na=x' }] }] }],
    ['many sources', { ...CHANNELS, contents: [{ ...CONTENT, ssrcGroups: [{ semantics: 'SIM', ssrcs: Array.from({ length: 17 }, () => 1) }] }] }],
    ['many candidates', { '@type': 'Candidates', candidates: Array.from({ length: 65 }, () => ({})) }],
    ['an unknown state', { '@type': 'MediaState', videoState: 'loud' }],
  ])('is not taken with %s', (_, value) => {
    expect(read(value)).toBeUndefined();
  });

  test('leaves out candidates that it cannot read', () => {
    const candidates = [{ sdpString: 'candidate:1 1 udp\r\na=x' }, { sdpString: 5 }, { sdpString: `candidate:${'1'.repeat(600)}` }, { sdpString: 'candidate:1 1 udp 2 127.0.0.1 5 typ host' }];
    expect(read({ '@type': 'Candidates', candidates })).toEqual({ type: 'Candidates', candidates: ['candidate:1 1 udp 2 127.0.0.1 5 typ host'] });
  });

  test('is not read if it is no JSON or too long', () => {
    expect(parseMessage('{')).toBeUndefined();
    expect(parseMessage(JSON.stringify({ ...SETUP, padding: 'x'.repeat(600_000) }))).toBeUndefined();
  });
});
