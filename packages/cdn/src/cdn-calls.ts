import { type RpcError, rpcError, toTlRpcError } from '@aerogram/errors';
import type { Dispatcher, RpcAnswer, RpcCall } from '@aerogram/rpc';
import { type ByteBudget, type Clock, type Metrics, waitForRoom } from '@aerogram/runtime';
import { encode, mtEncode } from '@aerogram/tl';
import type { CdnFiles } from './cdn-files.ts';
import type { ClientNetworks } from './client-networks.ts';
import { cdnBytes, cdnParts, type PartOutcome } from './cdn-metrics.ts';
import { encodeCdnFile } from './encode-cdn-file.ts';
import { readPartRequest } from './read-part-request.ts';

export interface CdnCallsDeps {
  files: CdnFiles;
  /** Bounds the bytes of answers that are on the way. */
  room: ByteBudget;
  /** Told from where a client calls. */
  networks: Pick<ClientNetworks, 'note'>;
  clock: Clock;
  metrics: Metrics;
}

/** How long a call waits for room before it is refused, in milliseconds. */
const MAX_WAIT_MS = 10_000;
/** How long the client of a refused call should wait, in seconds. */
const BUSY_WAIT_S = 5;

const ARGUMENT_ERRORS = { offset: 'OFFSET_INVALID', limit: 'LIMIT_INVALID' } as const;

interface Outcome {
  outcome: PartOutcome;
  body?: Uint8Array;
  error?: RpcError;
  release?: () => void;
}

/**
 * A name for the client of a key. A node knows no users, but the gateway shares threads, memory and processor time out among users, and one
 * client that reads slowly must not hold up the others.
 */
export function accountOf(authKeyId: bigint): bigint {
  return BigInt.asUintN(63, authKeyId);
}

/** Answers the calls of clients: upload.getCdnFile, and nothing else. */
export function createCdnCalls({ files, room, networks, clock, metrics }: CdnCallsDeps): Dispatcher {
  const parts = metrics.counter(cdnParts);
  const bytes = metrics.counter(cdnBytes);

  const run = async ({ session, body }: RpcCall): Promise<Outcome> => {
    const request = readPartRequest(body);
    if (!request) return { outcome: 'method', error: rpcError('CDN_METHOD_INVALID') };
    const { file_token: token, offset, limit } = request;
    // Asked twice, because what is here may change while the call waits, and a call that is refused need not wait.
    const wanted = files.find({ token, offset, limit });
    if (wanted.outcome !== 'hit') return withoutPart(wanted);
    const owner = `user${accountOf(session.authKeyId)}`;
    networks.note(owner, session.remoteAddress);
    const release = await waitForRoom(room, { clock, owner, bytes: wanted.length, maxWaitMs: MAX_WAIT_MS });
    if (!release) return { outcome: 'busy', error: rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S) };
    const found = files.find({ token, offset, limit });
    if (found.outcome !== 'hit') {
      release();
      return withoutPart(found);
    }
    bytes.inc({ direction: 'out' }, found.length);
    return { outcome: 'hit', body: encodeCdnFile(found.length, found.copy), release };
  };

  return {
    async dispatch(call): Promise<RpcAnswer> {
      const { outcome, body, error, release } = await run(call);
      parts.inc({ outcome });
      const answer = body ?? mtEncode({ _: 'rpc_error', ...toTlRpcError(error) });
      const { authKeyId } = call.session;
      return {
        body: answer,
        part: release && { isMadeAgain: true, release },
        method: 'upload.getCdnFile',
        error: error?.message,
        costBytes: answer.length,
        boxSteps: [],
        withoutUpdates: true,
        caller: { permAuthKeyId: authKeyId, userId: accountOf(authKeyId), layer: undefined },
      };
    },
  };
}

function withoutPart(answer: Exclude<ReturnType<CdnFiles['find']>, { outcome: 'hit' }>): Outcome {
  switch (answer.outcome) {
    case 'miss':
      return { outcome: 'miss', body: encode({ _: 'upload.cdnFileReuploadNeeded', request_token: answer.requestToken }) };
    case 'token':
      return { outcome: 'token', error: rpcError('FILE_TOKEN_INVALID') };
    case 'invalid':
      return { outcome: 'invalid', error: rpcError(ARGUMENT_ERRORS[answer.argument]) };
  }
}
