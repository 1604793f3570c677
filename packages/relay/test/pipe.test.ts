import type { Http2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { openPipe } from '../src/streams/message-pipe.ts';

test('an end that never reads is cut off before much waits for it', () => {
  const stream = new Duplex({ read: () => undefined, write: () => undefined });
  const ended: string[] = [];
  const pipe = openPipe(stream as unknown as Http2Stream, { message: () => undefined, ended: (reason) => void ended.push(reason) });
  for (let sent = 0; sent < 20; sent++) pipe.send(2, Buffer.alloc(1024 * 1024));
  expect(ended).toEqual(['the other end does not read']);
  expect(stream.writableLength).toBeLessThan(10 * 1024 * 1024);
});

test('a message that is longer than it may be ends the pipe before it has arrived', () => {
  const stream = new Duplex({ read: () => undefined, write: () => undefined });
  const ended: string[] = [];
  openPipe(stream as unknown as Http2Stream, { message: () => undefined, ended: (reason) => void ended.push(reason) }, 100);
  stream.emit('data', Buffer.of(0, 0, 0, 102, 6));
  expect(ended).toEqual(['a message of 101 bytes']);
});
