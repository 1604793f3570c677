import { defineCounter, defineHistogram } from '@aerogram/runtime';

export const rpcCalls = defineCounter({
  name: 'aerogram_rpc_calls_total',
  help: 'Calls answered, by method and outcome: ok, or the class of the error (client, auth, flood, server).',
  labels: ['method', 'outcome'],
});

export const rpcSeconds = defineHistogram({
  name: 'aerogram_rpc_call_seconds',
  help: 'Time from the arrival of a call to its answer, by method.',
  labels: ['method'],
});

export const rpcUnexpected = defineCounter({
  name: 'aerogram_rpc_unexpected_errors_total',
  help: 'Exceptions that no handler foresaw, answered 500 INTERNAL; each is in the log with its request id.',
  labels: ['method'],
});
