import { DH_GENERATOR, DH_PRIME } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The prime is fixed, and every client knows it as a safe one. */
const VERSION = 1;
/** Apps ask for 256 bytes or none. */
const RANDOM_MAX = 1024;

/** The numbers with which two devices agree on a key. Apps ask for them before a call, and only then ask for the call itself. */
export const getDhConfig = defineMethod({
  method: 'messages.getDhConfig',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler({ random }, { version, random_length: length }) {
    if (length < 0 || length > RANDOM_MAX) return Promise.reject(rpcError('RANDOM_LENGTH_INVALID'));
    const bytes = random.bytes(length);
    return Promise.resolve(
      version === VERSION ? { _: 'messages.dhConfigNotModified', random: bytes } : { _: 'messages.dhConfig', g: DH_GENERATOR, p: DH_PRIME, version: VERSION, random: bytes },
    );
  },
});
