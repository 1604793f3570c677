export { CERTIFICATE } from './testing/certificate.ts';
export { findPort, hasNats, RunningNats } from './testing/running-nats.ts';
