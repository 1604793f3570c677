export type { CloseReason } from './close-reason.ts';
export { createGateway, type Gateway, type GatewayConfig, type GatewayDeps } from './create-gateway.ts';
export type { LiveSession, SessionRegistry, UpdatePusher } from './live-session.ts';
export type { CallerSource } from './sessions/receivers.ts';
export type { HttpHandler } from './sockets/tcp-entry.ts';
export { createUpdatePusher } from './updates/pusher.ts';
