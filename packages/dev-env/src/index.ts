export { Actor, findSentId, type SendOptions } from './actor.ts';
export { markPeer, readMessage, type BoxMessage } from './box-message.ts';
export { BoxState } from './box-state.ts';
export { Device, logIn } from './device.ts';
export { createMtcuteClient, type MtcuteClientOptions, type MtcuteTransport } from './mtcute-client.ts';
export { findRepositoryRoot, readServerInfo, type ServerInfo } from './server-info.ts';
export { findPostmaster, killTree, startServerProcess, ServerProcess, type ServerProcessOptions } from './server-process.ts';
export { checkRules, describe, settle, verifyUpdates } from './verify-updates.ts';
export { World, type Serving } from './world.ts';
