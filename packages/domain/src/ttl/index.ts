/** Messages that expire (auto-delete). */
export { createTtl, type Ttl } from './ttl.ts';
