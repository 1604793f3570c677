import { deriveNodeKeys, isAnswerOfNode, MAC_HEADER, MAX_FORGOTTEN, MESSAGE_HEADER, type PushContent, type PushMessage, readMessage, signAnswer, signMessage } from '@aerogram/cdn-protocol';
import { expect, test } from 'vitest';

const { push: key, token: tokenKey } = deriveNodeKeys(new Uint8Array(32).fill(1));
const FILE = 'ab'.repeat(16);
const message: PushMessage = {
  content: { kind: 'window', file: FILE, window: 1, size: 2_000_000, sha256: 'cd'.repeat(32) },
  boot: 'this run',
  timeMs: 1_800_000_000_000,
  nonce: '01'.repeat(16),
};

function pass(sent: unknown, withKey = key): PushMessage | undefined {
  const headers = signMessage(withKey, sent as PushMessage);
  return readMessage(key, headers[MESSAGE_HEADER], headers[MAC_HEADER]);
}

test('a message is read as it was signed', () => {
  expect(pass(message)).toEqual(message);
  const forget: PushContent = { kind: 'forget', files: [FILE] };
  expect(pass({ ...message, content: forget })?.content).toEqual(forget);
  const alive = { kind: 'alive', ticket: '0a'.repeat(24) } as const;
  expect(pass({ ...message, content: alive })?.content).toEqual(alive);
});

test('a message signed with another key, changed, or without headers is not read', () => {
  expect(pass(message, tokenKey)).toBeUndefined();
  const headers = signMessage(key, message);
  const text = headers[MESSAGE_HEADER];
  for (let at = 0; at < text.length; at++) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    expect(readMessage(key, changed, headers[MAC_HEADER])).toBeUndefined();
  }
  expect(readMessage(key, undefined, undefined)).toBeUndefined();
  expect(readMessage(key, text, undefined)).toBeUndefined();
  expect(readMessage(key, text, '')).toBeUndefined();
  expect(readMessage(key, [text], [headers[MAC_HEADER]])).toBeUndefined();
});

test('a malformed message is not read although its signature is right', () => {
  const window = message.content;
  const contents: unknown[] = [
    undefined, null, {}, { kind: 'read' },
    { ...window, file: 'short' }, { ...window, file: FILE.toUpperCase() }, { ...window, window: -1 }, { ...window, window: 0.5 },
    { ...window, window: 2 }, { ...window, size: 0 }, { ...window, size: '5' }, { ...window, window: 2 ** 31, size: 2 ** 52 }, { ...window, sha256: '' },
    { kind: 'forget' }, { kind: 'forget', files: ['x'] }, { kind: 'forget', files: Array.from({ length: MAX_FORGOTTEN + 1 }, () => FILE) },
  ];
  for (const content of contents) expect(pass({ ...message, content })).toBeUndefined();
  for (const broken of [{ ...message, nonce: 'x' }, { ...message, timeMs: 'now' }, { ...message, boot: 5 }, null, 7]) expect(pass(broken)).toBeUndefined();
});

test('an answer is believed only for its message, status and body', () => {
  const mac = signAnswer(key, message.nonce, 200, '{}');
  expect(isAnswerOfNode(key, message.nonce, { status: 200, body: '{}', mac })).toBe(true);
  expect(isAnswerOfNode(key, '02'.repeat(16), { status: 200, body: '{}', mac })).toBe(false);
  expect(isAnswerOfNode(key, message.nonce, { status: 410, body: '{}', mac })).toBe(false);
  expect(isAnswerOfNode(key, message.nonce, { status: 200, body: '{ }', mac })).toBe(false);
  expect(isAnswerOfNode(tokenKey, message.nonce, { status: 200, body: '{}', mac })).toBe(false);
  expect(isAnswerOfNode(key, message.nonce, { status: 200, body: '{}', mac: undefined })).toBe(false);
});
