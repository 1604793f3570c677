// For load, crash and interop runs, which have the server in a process of its own: `@aerogram/dev-env/load`.
export { Disconnected, makeKeyWith, RawAccount, wireTo, type SignUp } from './raw-account.ts';
export { findPostmaster, killTree, startServerProcess, ServerProcess, type ServerProcessOptions } from './server-process.ts';
export { findRepositoryRoot, type ServerInfo } from './server-info.ts';
