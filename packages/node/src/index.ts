export { type ClientSettings, type ClientSettingsSource, listClientSettings } from './http/client-settings.ts';
export { type OpsDeps, createOpsHandler } from './http/ops.ts';
export { reachableEndpoint } from './http/reachable-endpoint.ts';
export { renderStartPage } from './http/start-page.ts';
export type { RunningNode } from './open-front.ts';
export { keysDirectory } from './open-server-keys.ts';
export { explainUnreachable } from './open-storage.ts';
export { type NodeOverrides, startNode } from './start-node.ts';
export { runWorker } from './workers/run-worker.ts';
