import { expect, test } from 'vitest';
import { type Binding, encryptBinding, verifyBinding } from '../src/session/bind-temp-key.ts';
import { createAuthKey } from '../src/session/envelope.ts';
import { seededBytes } from './session-stage.ts';

const random = seededBytes('binding');
const perm = createAuthKey(random.bytes(256));
const temp = createAuthKey(random.bytes(256));
const binding: Binding = {
  permAuthKeyId: perm.id,
  tempAuthKeyId: temp.id,
  tempSessionId: 5n,
  nonce: -7n,
  expiresAt: 1_750_086_400,
  msgId: 7_516_192_768_000_000_000n,
};

test('a binding encrypted with the permanent key is accepted', () => {
  expect(verifyBinding(perm.bytes, encryptBinding(perm, binding, random), binding)).toBe(true);
});

test.each<[string, Partial<Binding>]>([
  ['permanent key', { permAuthKeyId: 1n }],
  ['temporary key', { tempAuthKeyId: 1n }],
  ['session', { tempSessionId: 6n }],
  ['nonce', { nonce: 7n }],
  ['expiry', { expiresAt: binding.expiresAt + 1 }],
  ['msg_id', { msgId: binding.msgId + 4n }],
])('a binding for another %s is refused', (_, change) => {
  expect(verifyBinding(perm.bytes, encryptBinding(perm, { ...binding, ...change }, random), binding)).toBe(false);
});

test('a binding with another key, changed bytes, or cut off is refused', () => {
  const message = encryptBinding(perm, binding, random);
  expect(verifyBinding(perm.bytes, encryptBinding({ ...temp, idBytes: perm.idBytes }, binding, random), binding)).toBe(false);
  for (let at = 0; at < message.length; at += 3) {
    const changed = message.slice();
    changed[at]! ^= 4;
    expect(verifyBinding(perm.bytes, changed, binding)).toBe(false);
    expect(verifyBinding(perm.bytes, message.slice(0, at), binding)).toBe(false);
  }
});
