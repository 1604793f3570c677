// For load, crash and interop runs, which have the server in a process of its own: `@aerogram/dev-env/load`.
export { Disconnected, RawClient, RawRpcError, type RawClientOptions } from './raw/raw-client.ts';
export { RawAccount, type SignUp } from './raw/raw-account.ts';
export { findPostmaster, killTree, startServerProcess, ServerProcess, type ServerProcessOptions } from './server-process.ts';
export { findRepositoryRoot, type ServerInfo } from './server-info.ts';
