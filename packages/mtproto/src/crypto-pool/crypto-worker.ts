import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { type Opened, openMessage, readRsaPrivateKey } from '@aerogram/crypto';
import { createHandshakeOperations, type HandshakeOperations } from '../handshake/handshake-crypto.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.ts';

/**
 * Entry point of a worker thread, which does RSA, Diffie-Hellman and the decryption of long packets outside the thread that serves
 * messages.
 */
function serve(port: NonNullable<typeof parentPort>, operations: HandshakeOperations): void {
  const reply = (message: WorkerReply, given: ArrayBuffer[] = []): void => port.postMessage(message, given);
  const replyOpened = (id: number, opened: Opened | undefined): void => {
    const buffer = opened?.plaintext.buffer;
    // A result with its own buffer, as all long ones have, is transferred instead of copied.
    reply({ type: 'opened-packet', id, opened }, buffer instanceof ArrayBuffer && buffer.byteLength === opened?.plaintext.length ? [buffer] : []);
  };
  port.on('message', (request: WorkerRequest) => {
    const { id } = request;
    try {
      if (request.op === 'open') reply({ type: 'opened', id, opened: operations.open(request.fingerprint, request.encrypted) });
      else if (request.op === 'agree') reply({ type: 'agreed', id, authKey: operations.agree(request.secret, request.gB) });
      else replyOpened(id, openMessage(request.authKey, request.packet, 'to-server'));
    } catch (error) {
      reply({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({ type: 'ready' });
}

if (parentPort === null) throw new Error('the crypto worker runs only as a worker thread');
const { pems } = workerData as WorkerStart;
serve(parentPort, createHandshakeOperations(pems.map(readRsaPrivateKey), { bytes: (length) => new Uint8Array(randomBytes(length)) }));
