import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { readRsaPrivateKey } from '@aerogram/crypto';
import { createHandshakeOperations, type HandshakeOperations } from '../handshake/handshake-crypto.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.ts';
import type { WorkerNotice } from './worker-threads.ts';

/** Entry point of a worker thread, which does RSA and Diffie-Hellman outside the thread that serves messages. */
function serve(port: NonNullable<typeof parentPort>, operations: HandshakeOperations): void {
  const reply = (message: WorkerReply | WorkerNotice): void => port.postMessage(message);
  port.on('message', (request: WorkerRequest & { id: number }) => {
    const { id } = request;
    try {
      if (request.op === 'open') reply({ type: 'opened', id, opened: operations.open(request.fingerprint, request.encrypted) });
      else reply({ type: 'agreed', id, authKey: operations.agree(request.secret, request.gB) });
    } catch (error) {
      reply({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({ type: 'ready' });
}

if (parentPort === null) throw new Error('the crypto worker runs only as a worker thread');
const { pems } = workerData as WorkerStart;
serve(parentPort, createHandshakeOperations(pems.map(readRsaPrivateKey), { bytes: (length) => new Uint8Array(randomBytes(length)) }));
