import { describe, expect, it } from 'vitest';
import { decode, encode, encodeResult, mtDecode, mtEncode, TlError, TlReader, type tl } from '@aerogram/tl';

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('codec of the newest layer', () => {
  it('writes and reads a method with flags, a boxed peer and text', () => {
    const request: tl.messages.sendMessage = {
      _: 'messages.sendMessage', silent: true, random_id: -5n, message: 'héllo',
      peer: { _: 'inputPeerUser', user_id: 1n, access_hash: -1n },
      entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }],
    };
    expect(decode(encode(request))).toEqual(request);
  });

  it('writes known bytes', () => {
    expect(hexOf(encode({ _: 'peerUser', user_id: 258n }))).toBe('22175159' + '0201000000000000');
    expect(hexOf(encodeResult('account.updateStatus', true))).toBe('b5757299');
    expect(hexOf(encodeResult('contacts.getContactIDs', [1, 2]))).toBe('15c4b51c020000000100000002000000');
  });

  it('sets a shared bit only when all its fields are present', () => {
    const message: tl.message = { _: 'message', id: 1, peer_id: { _: 'peerUser', user_id: 1n }, date: 1, message: '', views: 3 };
    expect(decode(encode(message))).not.toHaveProperty('views', 3);
    expect(decode(encode({ ...message, forwards: 4 }))).toMatchObject({ views: 3, forwards: 4 });
  });

  it('takes the peers that Telethon and GramJS send where a user or channel stands in the schema', () => {
    const user = { user_id: 5n, access_hash: 6n };
    const entity: tl.inputMessageEntityMentionName = { _: 'inputMessageEntityMentionName', offset: 0, length: 1, user_id: { _: 'inputUser', ...user } };
    const hex = hexOf(encode(entity));
    const [userId, peerUserId] = [encode({ _: 'inputUser', ...user }), encode({ _: 'inputPeerUser', ...user })].map((bytes) => hexOf(bytes).slice(0, 8));
    expect(decode(bytesOf(hex.replace(userId!, peerUserId!)))).toEqual(entity);
    const channel: tl.channels.getFullChannel = { _: 'channels.getFullChannel', channel: { _: 'inputChannel', channel_id: 5n, access_hash: 6n } };
    expect(decode(bytesOf(hexOf(encode(channel)).replace('28ec5af3', 'fcbbbc27')))).toEqual(channel);
    // The forms are not exchanged in other places.
    expect(() => decode(bytesOf(hexOf(encode(channel)).replace('28ec5af3', peerUserId!)))).toThrow(TlError);
  });

  it('refuses what is malformed', () => {
    const reason = (bytes: Uint8Array) => {
      try {
        decode(bytes);
      } catch (error) {
        if (error instanceof TlError) return error.reason;
      }
      return 'none';
    };
    expect(reason(bytesOf(''))).toBe('truncated');
    expect(reason(bytesOf('00000000'))).toBe('unknown_constructor');
    expect(reason(bytesOf('22175159' + '0201000000000000' + '00000000'))).toBe('trailing_bytes');
    // messages.getMessages with a vector length of 2^31-1
    expect(reason(bytesOf('0665c663' + '15c4b51c' + 'ffffff7f'))).toBe('vector_too_long');
    // a Bool in place of an InputPeer: messages.getPeerSettings
    expect(reason(bytesOf(hexOf(encode({ _: 'messages.getPeerSettings', peer: { _: 'inputPeerSelf' } })).slice(0, 8) + '22175159' + '0201000000000000'))).toBe('wrong_type');
  });
});

describe('service codec', () => {
  it('keeps container bodies as bytes', () => {
    const container = { _: 'msg_container' as const, messages: [{ _: 'message' as const, msg_id: 4n, seqno: 1, bytes: 4, body: bytesOf('01020304') }] };
    expect(mtDecode(mtEncode(container))).toEqual(container);
    expect(mtDecode(mtEncode({ _: 'rpc_result', req_msg_id: 1n, result: bytesOf('b5757299') }))).toEqual({ _: 'rpc_result', req_msg_id: 1n, result: bytesOf('b5757299') });
  });

  it('reads strings at every length boundary', () => {
    for (const length of [0, 1, 2, 3, 4, 39, 40, 41, 84, 85, 253, 254, 255, 256, 70_000]) {
      for (const unit of ['a', 'é', '€', '😀']) {
        const text = unit.repeat(length);
        const bytes = mtEncode({ _: 'rpc_error', error_code: 1, error_message: text });
        expect(bytes.length % 4).toBe(0);
        const reader = new TlReader(bytes);
        reader.int();
        reader.int();
        expect(reader.string() === text).toBe(true);
        reader.checkEnd();
      }
    }
  });
});
