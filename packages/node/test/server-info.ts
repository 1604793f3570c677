import type { ServerFile } from '@aerogram/runtime';

/** What `server.json` of a made-up server says. */
export const SERVER_INFO: ServerFile = {
  pid: 1,
  dc_id: 2,
  mtproto: { host: '127.0.0.1', port: 4430 },
  http: { host: '127.0.0.1', port: 8080 },
  public_keys: [{ pem: '-----BEGIN RSA PUBLIC KEY-----\nABC\n-----END RSA PUBLIC KEY-----\n', fingerprint: '-42' }],
  layer: 228,
  test_mode: true,
};
