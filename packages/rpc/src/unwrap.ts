import type { ConnectionInit } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** A request without its wrappers, and what these asked for. */
export interface Unwrapped {
  query: tl.AnyMethod;
  layer: number | undefined;
  init: ConnectionInit | undefined;
  withoutUpdates: boolean;
  /** msg_ids whose calls must have succeeded before this one runs. */
  after: bigint[];
}

const MAX_WRAPPERS = 8;
const MAX_AFTER = 100;
/** Beyond any layer that will be: stored as a small number. */
const MAX_LAYER = 10_000;
/** Device names and versions are shown in the list of devices; nobody needs more of them. */
const MAX_INIT_TEXT = 256;

/**
 * Takes the `invokeWith…`, `invokeAfter…` and `initConnection` wrappers off a request.
 * @throws RpcError for wrappers that are refused, nested too deep, or carry a layer that cannot be
 * @see https://core.telegram.org/api/invoking
 */
export function unwrapRequest(request: tl.AnyMethod): Unwrapped {
  const result: Unwrapped = { query: request, layer: undefined, init: undefined, withoutUpdates: false, after: [] };
  for (let depth = 0; ; depth++) {
    const inner = openWrapper(result.query, result);
    if (!inner) return result;
    if (depth >= MAX_WRAPPERS) throw rpcError('INPUT_FETCH_ERROR');
    result.query = inner;
  }
}

/** The query inside a wrapper, or undefined when `query` is no wrapper. */
function openWrapper(query: tl.AnyMethod, result: Unwrapped): tl.AnyMethod | undefined {
  switch (query._) {
    case 'invokeWithLayer':
      if (query.layer < 1 || query.layer > MAX_LAYER) throw rpcError('CONNECTION_LAYER_INVALID');
      result.layer = query.layer;
      return query.query;
    case 'initConnection':
      result.init = readInit(query);
      return query.query;
    case 'invokeWithoutUpdates':
      result.withoutUpdates = true;
      return query.query;
    case 'invokeAfterMsg':
      result.after.push(query.msg_id);
      return query.query;
    case 'invokeAfterMsgs':
      if (result.after.length + query.msg_ids.length > MAX_AFTER) throw rpcError('MSG_WAIT_FAILED');
      result.after.push(...query.msg_ids);
      return query.query;
    case 'invokeWithMessagesRange':
    case 'invokeWithGooglePlayIntegrity':
    case 'invokeWithApnsSecret':
    case 'invokeWithReCaptcha':
      // The proofs are for Telegram's own apps; this server asks for none, so there is nothing to check.
      return query.query;
    case 'invokeWithTakeout':
      throw rpcError('TAKEOUT_INVALID');
    case 'invokeWithBusinessConnection':
      // No business bots here yet: not implemented, as any other such method (rule P10).
      throw rpcError('METHOD_INVALID');
    default:
      return undefined;
  }
}

function readInit(query: tl.initConnection): ConnectionInit {
  const text = (value: string): string => value.replaceAll('\u0000', '').slice(0, MAX_INIT_TEXT);
  return {
    apiId: query.api_id,
    deviceModel: text(query.device_model),
    systemVersion: text(query.system_version),
    appVersion: text(query.app_version),
    systemLangCode: text(query.system_lang_code),
    langPack: text(query.lang_pack),
    langCode: text(query.lang_code),
  };
}
