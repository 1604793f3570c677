export { ACK_PATIENCE_S, isReachQuestion, isWakeHint, type Reach, type ReachAnswer, type ReachQuestion, type WakeHint } from './auth-hints.ts';
export { type Bus, type HintBus, authTopic, botTopic, channelTopic, userTopic } from './bus.ts';
export { createInProcessBus } from './in-process-bus.ts';
export { type LinkedBus, createLinkedBus } from './linked-bus.ts';
export { decodeHints, encodeHints, type NamedHint } from './hint-list.ts';
export { LossListeners } from './listeners.ts';
export { HINT_NAMES } from './nats/dictionary.ts';
export { createNatsBus, type NatsBus, type NatsBusOptions } from './nats/nats-bus.ts';
export { type NatsServers, type NatsSettings, parseNatsUrl, readNatsSettings } from './nats/nats-servers.ts';
