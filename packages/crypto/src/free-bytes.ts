import { MessageChannel } from 'node:worker_threads';

/** Shorter arrays are left to the garbage collector. */
export const FREED_FROM_BYTES = 16 * 1024;

/** A port whose other end is closed. It is made when the program starts, because closing takes a turn of the event loop. */
const { port1: nowhere, port2 } = new MessageChannel();
port2.close();
nowhere.unref();

/**
 * Frees the memory of a long array at once, by giving it to nobody. Otherwise it would count until the next garbage collection, and parts
 * of files would cause one after every few megabytes, each of which stops this thread for as long as the heap of the whole program takes.
 * Does nothing if the array is short or is only a part of its buffer: something else may use the other bytes, even a few of them. A WebSocket
 * message and the beginning of the next one, for example, often share a buffer.
 * @param bytes nobody else may use them any more; afterwards the array is empty
 */
export function freeBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (bytes.length < FREED_FROM_BYTES || !(buffer instanceof ArrayBuffer) || buffer.byteLength !== bytes.length) return;
  nowhere.postMessage(undefined, [buffer]);
}
