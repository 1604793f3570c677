import { parentPort } from 'node:worker_threads';
import { openMessage, sealMessage } from '@aerogram/crypto';
import type { PacketReply, PacketRequest } from './packet-pool.ts';
import type { WorkerNotice } from './worker-threads.ts';

/** Entry point of a worker thread that opens and seals long packets outside the thread that serves messages. */
function serve(port: NonNullable<typeof parentPort>): void {
  /** @param bytes of the result. A buffer that holds nothing else, as those of all long packets do, is transferred instead of copied. */
  const reply = (message: PacketReply | WorkerNotice, bytes?: Uint8Array): void => {
    const buffer = bytes?.buffer;
    port.postMessage(message, buffer instanceof ArrayBuffer && buffer.byteLength === bytes?.length ? [buffer] : []);
  };
  port.on('message', (request: PacketRequest & { id: number }) => {
    const { id } = request;
    try {
      if (request.op === 'open') {
        const opened = openMessage(request.authKey, request.packet, 'to-server');
        reply({ type: 'opened', id, opened }, opened?.plaintext);
      } else {
        const packet = sealMessage(request.authKey, request.authKeyId, request.padded, 'to-client');
        reply({ type: 'sealed', id, packet }, packet);
      }
    } catch (error) {
      reply({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({ type: 'ready' });
}

if (parentPort === null) throw new Error('the packet worker runs only as a worker thread');
serve(parentPort);
