import { expect, test } from 'vitest';
import { OutgoingMessage } from '../src/session/outgoing.ts';

test('a message that waits for long only keeps its own bytes in memory', () => {
  const slab = Buffer.alloc(8192, 1);
  const message = new OutgoingMessage('update', slab.subarray(100, 300));
  message.trim();
  expect(message.body!.buffer.byteLength).toBe(200);
  expect(message.body).toEqual(new Uint8Array(200).fill(1));
});

test('a body with its own buffer is not copied', () => {
  const body = new Uint8Array(5000);
  const message = new OutgoingMessage('update', body);
  message.trim();
  expect(message.body).toBe(body);
});
