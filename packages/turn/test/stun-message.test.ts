import { addressBytes } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';

import { ATTRIBUTE, KIND, longTermKey, METHOD, StreamFrames, StunMessage, StunWriter } from '../src/index.ts';
import { addressOfBytes } from '../src/transport-address.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');

// RFC 5769, sections 2.1 to 2.4.
const SHORT_TERM_KEY = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');
const REQUEST = bytes(`
  00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74 00 24 00 04 6e 00 01 ff
  80 29 00 08 93 2f f9 b1 51 26 3b 36 00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20 00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
  80 28 00 04 e5 7a 3b cf`);
const IPV4_RESPONSE = bytes(`
  01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20 00 20 00 08 00 01 a1 47 e1 12 a6 43
  00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7 80 28 00 04 c0 7d 4c 96`);
const IPV6_RESPONSE = bytes(`
  01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
  00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9 00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41
  80 28 00 04 c8 fb 0b 4c`);
const LONG_TERM_REQUEST = bytes(`
  00 01 00 60 21 12 a4 42 78 ad 34 33 c6 ad 72 c0 29 da 41 2e 00 06 00 12 e3 83 9e e3 83 88 e3 83 aa e3 83 83 e3 82 af e3 82 b9 00 00
  00 15 00 1c 66 2f 2f 34 39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39 46 53 54 76 79 36 34 73 41 00 14 00 0b 65 78 61 6d 70 6c 65 2e 6f 72 67 00
  00 08 00 14 f6 70 24 65 6d d6 4a 3e 02 b8 e0 71 2e 85 c9 a2 8c a8 96 66`);

describe('the test vectors of RFC 5769', () => {
  it('are read, with integrity and fingerprint', () => {
    const request = StunMessage.parse(REQUEST)!;
    expect(request).toMatchObject({ method: METHOD.binding, kind: KIND.request, hasFingerprint: true });
    expect(request.findText(ATTRIBUTE.username, 100)).toBe('evtj:h6vY');
    expect(request.isSignedWith(SHORT_TERM_KEY)).toBe(true);
    expect(request.isSignedWith(Buffer.from('another'))).toBe(false);
    for (const [packet, address] of [[IPV4_RESPONSE, '192.0.2.1'], [IPV6_RESPONSE, '2001:db8:1234:5678:11:2233:4455:6677']] as const) {
      const response = StunMessage.parse(packet)!;
      expect(response).toMatchObject({ kind: KIND.success, hasFingerprint: true });
      expect(response.listAddresses(ATTRIBUTE.xorMappedAddress)).toEqual([{ address, port: 32_853 }]);
      expect(response.isSignedWith(SHORT_TERM_KEY)).toBe(true);
    }
  });

  it('are read with long-term credentials', () => {
    const request = StunMessage.parse(LONG_TERM_REQUEST)!;
    expect(request.isSignedWith(longTermKey('マトリックス', 'example.org', 'TheMatrIX'))).toBe(true);
    expect(request.isSignedWith(longTermKey('マトリックス', 'example.org', 'thematrix'))).toBe(false);
  });

  it('are written byte for byte where padding is zeros', () => {
    const ours = new StunWriter(METHOD.binding, KIND.request, LONG_TERM_REQUEST.subarray(8, 20))
      .add(ATTRIBUTE.username, Buffer.from('マトリックス')).addText(ATTRIBUTE.nonce, 'f//499k954d6OL34oL9FSTvy64sA').addText(ATTRIBUTE.realm, 'example.org');
    expect(ours.finish(longTermKey('マトリックス', 'example.org', 'TheMatrIX'))).toEqual(LONG_TERM_REQUEST);
  });
});

describe('STUN messages', () => {
  it('come back as they were written', () => {
    for (const address of ['192.0.2.7', '2001:db8::7', '::1']) {
      const packet = new StunWriter(METHOD.data, KIND.indication, Buffer.alloc(12, 3)).addAddress(ATTRIBUTE.xorPeerAddress, { address, port: 65_535 }).add(ATTRIBUTE.data, Buffer.alloc(1201, 9)).finish(SHORT_TERM_KEY, true);
      const message = StunMessage.parse(packet)!;
      expect(message).toMatchObject({ method: METHOD.data, kind: KIND.indication, hasFingerprint: true });
      expect(message.listAddresses(ATTRIBUTE.xorPeerAddress)).toEqual([{ address, port: 65_535 }]);
      expect(message.find(ATTRIBUTE.data)).toEqual(Buffer.alloc(1201, 9));
      expect(message.isSignedWith(SHORT_TERM_KEY)).toBe(true);
    }
  });

  it('are refused when they are cut off, too long, or have a wrong fingerprint', () => {
    for (let length = 0; length < REQUEST.length; length++) expect(StunMessage.parse(REQUEST.subarray(0, length)), `${length}`).toBeUndefined();
    expect(StunMessage.parse(Buffer.concat([REQUEST, Buffer.alloc(4)]))).toBeUndefined();
    for (let at = 0; at < REQUEST.length; at++) {
      const changed = Buffer.from(REQUEST);
      changed[at]! ^= 1;
      const read = StunMessage.parse(changed);
      // The type of FINGERPRINT itself can be changed: then there is none, and the signature decides.
      if (at < REQUEST.length - 8) expect(read, `byte ${at}`).toBeUndefined();
    }
  });

  it('have what follows MESSAGE-INTEGRITY left out', () => {
    const inner = new StunWriter(METHOD.refresh, KIND.request, Buffer.alloc(12, 1)).finish(SHORT_TERM_KEY);
    const appended = Buffer.concat([inner, bytes('000d 0004 00000000')]);
    appended.writeUInt16BE(appended.length - 20, 2);
    const message = StunMessage.parse(appended)!;
    expect(message.isSignedWith(SHORT_TERM_KEY)).toBe(true);
    expect(message.find(ATTRIBUTE.lifetime)).toBeUndefined();
  });

  it('have few attributes', () => {
    const writer = new StunWriter(METHOD.binding, KIND.request, Buffer.alloc(12));
    for (let n = 0; n < 40; n++) writer.addText(ATTRIBUTE.software, 'x');
    expect(StunMessage.parse(writer.finish())).toBeUndefined();
  });
});

describe('addresses', () => {
  it('are bytes and back, as the system writes them', () => {
    for (const address of ['0.0.0.0', '255.1.2.3', '::', '::1', '2001:db8::1:0:0:1', 'fe80::1', '1:2:3:4:5:6:7:8']) expect(addressOfBytes(addressBytes(address))).toBe(address);
    expect(addressBytes('::ffff:192.0.2.7')).toEqual(bytes('00000000000000000000ffffc0000207'));
    for (const wrong of ['', '1.2.3', 'fe80::1%eth0', 'example.org']) expect(() => addressBytes(wrong), wrong).toThrow();
  });
});

describe('a TCP stream', () => {
  it('is cut into messages, whatever its chunks are', () => {
    const channel = bytes('4001 0005 0102030405 000000');
    const stream = Buffer.concat([REQUEST, channel, REQUEST]);
    for (const size of [1, 3, 7, 50, 500]) {
      const frames = new StreamFrames();
      const got: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) got.push(...frames.push(stream.subarray(at, at + size))!);
      expect(got).toEqual([REQUEST, channel.subarray(0, 9), REQUEST]);
    }
  });

  it('is given up when it is none of TURN', () => {
    expect(new StreamFrames().push(Buffer.from('GET / HTTP/1.1\r\n'))).toBeUndefined();
    expect(new StreamFrames().push(bytes('80 01 02 03'))).toBeUndefined();
    expect(new StreamFrames().push(bytes('40 00 ff ff'))).toBeUndefined();
  });
});
