// How the server knows its CDN nodes and speaks to them.
export { type CdnNodes, type KnownNode, NO_CDN_NODES, type PushedWindow, type PushOutcome } from './cdn-nodes.ts';
export type { CdnRevocations } from './cdn-revocations.ts';
export { LeaseLoop, type LeaseLoopDeps, type NodeReport } from './lease-loop.ts';
export { ALIVE_S, type HeardNode, OriginNodes, type OriginNodesDeps } from './origin-nodes.ts';
export { type HeldContent, PushClient, type PushClientDeps } from './push-client.ts';
