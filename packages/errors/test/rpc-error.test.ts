import { describe, expect, it } from 'vitest';
import { ERROR_CODES, RpcError, rpcError, toTlRpcError } from '@aerogram/errors';

describe('rpcError', () => {
  it('takes the code from the catalogue', () => {
    expect(toTlRpcError(rpcError('PEER_ID_INVALID'))).toEqual({ error_code: 400, error_message: 'PEER_ID_INVALID' });
    expect(toTlRpcError(rpcError('AUTH_KEY_UNREGISTERED')).error_code).toBe(401);
    expect(toTlRpcError(rpcError('SESSION_REVOKED')).error_code).toBe(401);
  });

  it('fills in numbers', () => {
    const error = rpcError('FLOOD_WAIT_%d', 29.2);
    expect(error).toBeInstanceOf(RpcError);
    expect([error.code, error.text, error.message, error.entry]).toEqual([420, 'FLOOD_WAIT_30', 'FLOOD_WAIT_30', 'FLOOD_WAIT_%d']);
    expect(rpcError('FILE_PART_%d_MISSING', 0).text).toBe('FILE_PART_0_MISSING');
    // @ts-expect-error a name with %d requires its number
    rpcError('FLOOD_WAIT_%d');
    // @ts-expect-error a name without %d takes none
    rpcError('PEER_ID_INVALID', 1);
    // @ts-expect-error a name that is not in the catalogue
    rpcError('PEER_ID_WRONG');
  });

  it('answers 500 INTERNAL for anything else', () => {
    expect(toTlRpcError(new Error('secret detail'))).toEqual({ error_code: 500, error_message: 'INTERNAL' });
    expect(toTlRpcError(undefined).error_code).toBe(500);
  });
});

describe('catalogue', () => {
  it('has 4xx codes for mistakes of clients, so that clients do not repeat the calls', () => {
    for (const name of ['METHOD_INVALID', 'INPUT_METHOD_INVALID', 'RANDOM_ID_DUPLICATE', 'UNKNOWN_METHOD'] as const) {
      expect(ERROR_CODES[name]).toBe(400);
    }
  });
});
