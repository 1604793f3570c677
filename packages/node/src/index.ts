export { type ClientSettings, type ClientSettingsSource, listClientSettings } from './http/client-settings.ts';
export { type OpsDeps, createOpsHandler } from './http/ops.ts';
export { renderStartPage } from './http/start-page.ts';
