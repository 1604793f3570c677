export { CERTIFICATE } from './certificate.ts';
export { createFaultyBus, type Fate, type FaultyBus } from './faulty-bus.ts';
export { findPort, hasNats, RunningNats } from './running-nats.ts';
