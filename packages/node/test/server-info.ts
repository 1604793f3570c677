import { generateKeyPairSync } from 'node:crypto';
import type { ServerFile } from '@aerogram/runtime';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'pkcs1', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } }).publicKey;

/** What `server.json` of a made-up server says. */
export const SERVER_INFO: ServerFile = {
  pid: 1,
  dc_id: 2,
  mtproto: { host: '127.0.0.1', port: 4430 },
  http: { host: '127.0.0.1', port: 8080 },
  public_keys: [{ pem, fingerprint: '-42' }],
  layer: 228,
  test_mode: true,
};
