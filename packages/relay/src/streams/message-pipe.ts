import type { Http2Stream } from 'node:http2';
import { type Message, MessageReader, writeMessage } from '../wire/messages.ts';

/** What the two ends of a stream tell each other, as messages. */
export interface MessagePipe {
  /** Sends a message. What is sent after the end is lost. */
  send(kind: number, ...parts: readonly Uint8Array[]): void;
  /** Ends it at once, for both ends. */
  end(reason: string): void;
}

/** Who listens to a pipe. */
export interface PipeListener {
  /** What it throws ends the pipe. */
  message(message: Message): void;
  /** Once. */
  ended(reason: string): void;
}

/** Bytes that the other end has not read before it is taken for one that never will: more than a window of frames. */
const MAX_UNREAD = 8 * 1024 * 1024;

/** Sends and receives messages over an HTTP/2 stream. @param maxBody the longest body that is taken, in bytes; undefined: that of a batch of frames */
export function openPipe(stream: Http2Stream, listener: PipeListener, maxBody?: number): MessagePipe {
  const reader = new MessageReader(maxBody);
  let reason: string | undefined;
  let isOver = false;
  const over = (why: string): void => {
    if (isOver) return;
    isOver = true;
    listener.ended(reason ?? why);
  };
  const end = (why: string): void => {
    reason ??= why;
    stream.destroy();
    over(why);
  };
  stream.on('data', (chunk: Buffer) => {
    if (isOver) return;
    try {
      for (const message of reader.read(chunk)) listener.message(message);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  });
  stream.on('error', (error: Error) => over(error.message));
  stream.on('end', () => end('the other end has ended the stream'));
  stream.on('close', () => over('the link ended'));
  return {
    send(kind, ...parts) {
      if (isOver || !stream.writable) return;
      if (stream.writableLength > MAX_UNREAD) return end('the other end does not read');
      stream.write(writeMessage(kind, ...parts));
    },
    end,
  };
}
