import { igeDecrypt, igeEncrypt, sealMessage } from '@aerogram/crypto';
import { decode, encode, type tl } from '@aerogram/tl';
import { codecFor, readRequest } from '@aerogram/tl-compat';
import { rateOf, type Row } from '../row.ts';

const SEND: tl.messages.sendMessage = {
  _: 'messages.sendMessage',
  peer: { _: 'inputPeerUser', user_id: 1_000_002n, access_hash: 0x1234_5678_9abc_def0n },
  message: 'Hello there, this is a message of ordinary length.',
  random_id: 0x0fed_cba9_8765_4321n,
};

/** A push to a busy client: one new message with its author and a chat. */
const UPDATES: tl.updates = {
  _: 'updates',
  updates: [{
    _: 'updateNewMessage',
    message: {
      _: 'message', id: 4711, from_id: { _: 'peerUser', user_id: 1_000_002n }, peer_id: { _: 'peerChat', chat_id: 77n },
      date: 1_750_000_000, message: 'Hello there, this is a message of ordinary length.',
    },
    pts: 815, pts_count: 1,
  }],
  users: [{
    _: 'user', id: 1_000_002n, access_hash: 0x1234_5678_9abc_def0n, first_name: 'Alice', last_name: 'Example',
    username: 'alice_example', phone: '15550001111', status: { _: 'userStatusRecently' },
  }],
  chats: [{
    _: 'chat', id: 77n, title: 'A group of friends', photo: { _: 'chatPhotoEmpty' }, participants_count: 12, date: 1_700_000_000, version: 3,
  }],
  date: 1_750_000_000,
  seq: 0,
};

/** Rates of decoding and encoding TL, on one core. */
export function benchCodec(): Row[] {
  const request = encode(SEND);
  const older = codecFor(198);
  return [
    { name: 'decode messages.sendMessage', unit: 'requests', rate: rateOf(() => decode(request)) },
    { name: 'read messages.sendMessage of any layer', unit: 'requests', rate: rateOf(() => readRequest(request)) },
    { name: `encode updates (${encode(UPDATES).length} bytes)`, unit: 'updates', rate: rateOf(() => encode(UPDATES)) },
    { name: 'encode updates for layer 198', unit: 'updates', rate: rateOf(() => older.encode(UPDATES)) },
  ];
}

/** Rates of encryption on one core: small messages as in chats, and large blocks as in files. */
export function benchCrypto(): Row[] {
  const key = new Uint8Array(32).fill(7);
  const iv = new Uint8Array(32).fill(9);
  const authKey = new Uint8Array(256).fill(5);
  const authKeyId = new Uint8Array(8).fill(3);
  const small = new Uint8Array(224).fill(1);
  const big = new Uint8Array(64 * 1024).fill(1);
  const megabytes = (perSecond: number): number => (perSecond * big.length) / 1e6;
  return [
    { name: 'seal a message of 224 bytes', unit: 'messages', rate: rateOf(() => sealMessage(authKey, authKeyId, small, 'to-client')) },
    { name: 'IGE encrypt 64 KiB', unit: 'MB', rate: megabytes(rateOf(() => igeEncrypt(big, key, iv))) },
    { name: 'IGE decrypt 64 KiB', unit: 'MB', rate: megabytes(rateOf(() => igeDecrypt(big, key, iv))) },
  ];
}
