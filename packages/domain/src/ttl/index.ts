/** Messages that delete themselves. */
export { createTtl, type Ttl } from './ttl.ts';
