export { ERROR_CODES } from './catalogue.gen.ts';
export { type ErrorName, type TlRpcError, RpcError, rpcError, toTlRpcError } from './rpc-error.ts';
