export { type ClientSettings, type ClientSettingsSource, listClientSettings } from './http/client-settings.ts';
export { type OpsDeps, createOpsHandler } from './http/ops.ts';
export { reachableEndpoint } from './http/reachable-endpoint.ts';
export { renderStartPage } from './http/start-page.ts';
export { type NodeOverrides, type RunningNode, startNode } from './start-node.ts';
