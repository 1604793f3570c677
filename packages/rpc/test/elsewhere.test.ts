import { describe, expect, it } from 'vitest';

import { type AnyElsewhereRules, checkElsewhere } from '../src/elsewhere.ts';

const HERE = 18n;
const ELSEWHERE = 17n;
const homes = { dcOf: (id: bigint) => (id === ELSEWHERE ? 1 : undefined) };
const userOf = (user_id: bigint): object => ({ _: 'inputUser', user_id, access_hash: 1n });
const peerOf = (user_id: bigint): object => ({ _: 'inputPeerUser', user_id, access_hash: 1n });

describe('a request that names a person elsewhere', () => {
  const check = (request: object, rules: AnyElsewhereRules = {}) => () => checkElsewhere(request, rules, homes);

  it.each([
    ['as a peer', { peer: peerOf(ELSEWHERE) }],
    ['as a user', { id: userOf(ELSEWHERE) }],
    ['in a vector', { users: [userOf(HERE), userOf(ELSEWHERE)] }],
    ['inside of something else', { filter: { _: 'dialogFilter', pinned_peers: [], include_peers: [peerOf(ELSEWHERE)] } }],
    ['by a message', { id: { _: 'inputUserFromMessage', peer: peerOf(HERE), msg_id: 1, user_id: ELSEWHERE } }],
    ['as a peer by a message', { peer: { _: 'inputPeerUserFromMessage', peer: peerOf(HERE), msg_id: 1, user_id: ELSEWHERE } }],
  ])('is refused where the method does not work with one: %s', (_title, request) => {
    expect(check(request)).toThrow('PEER_ID_INVALID');
    const [field] = Object.keys(request);
    expect(check(request, { [field!]: 'CHAT_SEND_MEDIA_FORBIDDEN' })).toThrow('CHAT_SEND_MEDIA_FORBIDDEN');
    expect(check(request, { [field!]: 'works' })).not.toThrow();
    expect(check({ ...request, other: peerOf(ELSEWHERE) }, { [field!]: 'works' })).toThrow('PEER_ID_INVALID');
  });

  it.each([
    ['somebody here', { peer: peerOf(HERE), users: [userOf(HERE)], bytes: new Uint8Array(8), nothing: undefined }],
    ['a mention in a text', { entities: [{ _: 'inputMessageEntityMentionName', offset: 0, length: 1, user_id: userOf(ELSEWHERE) }] }],
    ['a button that shows a profile', { reply_markup: { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 'x', type: { _: 'inputInlineButtonTypeUserProfile', user_id: userOf(ELSEWHERE) } }] }] } }],
    ['somebody here by a message of the chat with one elsewhere', { id: { _: 'inputUserFromMessage', peer: peerOf(ELSEWHERE), msg_id: 1, user_id: HERE } }],
    ['a channel by a message of the chat with one elsewhere', { channel: { _: 'inputChannelFromMessage', peer: peerOf(ELSEWHERE), msg_id: 1, channel_id: 5n } }],
  ])('is not one with %s', (_title, request) => {
    expect(check(request)).not.toThrow();
  });
});
