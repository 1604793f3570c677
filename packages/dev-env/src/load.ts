// For load, crash and interop runs with the server in a separate process: `@aerogram/dev-env/load`.
export { CHROMIUM, hasChromium, QUIET_CHROMIUM } from './chromium.ts';
export { type CdnAddress, CdnLinks } from './cdn-links.ts';
export { CdnNode, type PushAnswer } from './cdn-node.ts';
export { type CdnCounts, type CdnOrigin, CdnReader } from './cdn-reader.ts';
export { addCdnNode, type CdnNodesOptions, type StartedCdnNodes, startCdnNodes } from './start-cdn-nodes.ts';
export { findCdnAddresses, type PostedDocument, postInNewChannel, ServedCdnFile } from './served-cdn-file.ts';
export { readMetrics, sumOfMetric } from './metrics-page.ts';
export { type Entry, Ledger, readBox } from './ledger.ts';
export { findFreePort, NGINX, NginxProcess, writeNginxConfiguration } from './nginx-process.ts';
export { NodeFronts } from './node-fronts.ts';
export { callPatiently } from './patient-call.ts';
export { PlayedCdnFile, PLAYED_DC } from './played-cdn-file.ts';
export { Disconnected, makeKeyWith, RawAccount, wireTo, type SignUp } from './raw-account.ts';
export { passFile, sendContent, sendFile, type SentTo, sendUploaded, type UploadedFile } from './send-file.ts';
export { findPostmaster, killTree, listChildren, readParents, signalIfAlive, startServerProcess, ServerProcess, type ServerProcessOptions } from './server-process.ts';
export { HomeProcesses, startHomeProcesses } from './start-home-processes.ts';
export { type NodeProcesses, startNodeProcesses } from './start-node-processes.ts';
export { findRepositoryRoot, type ServerInfo } from './server-info.ts';
