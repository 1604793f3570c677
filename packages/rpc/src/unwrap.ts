import { cleanLine, type ConnectionInit } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** A request without its wrappers, and the options from them. */
export interface Unwrapped {
  query: tl.AnyMethod;
  layer: number | undefined;
  init: ConnectionInit | undefined;
  withoutUpdates: boolean;
  /** The export of all data that the call is part of. */
  takeoutId: bigint | undefined;
  /** msg_ids of calls that must have succeeded before this one runs. */
  after: bigint[];
}

const MAX_WRAPPERS = 8;
const MAX_AFTER = 100;
/** The highest id of a message. */
const MAX_ID = 2 ** 31 - 1;

/** Higher than any future layer: the database stores a smallint. */
const MAX_LAYER = 10_000;
/** Maximum length of names and versions of devices and apps; the rest is cut off. */
const MAX_INIT_TEXT = 256;

/**
 * Removes the `invokeWith…`, `invokeAfter…` and `initConnection` wrappers from a request.
 * @throws RpcError for wrappers that are refused, nested too deep, or have an invalid layer
 * @see https://core.telegram.org/api/invoking
 */
export function unwrapRequest(request: tl.AnyMethod): Unwrapped {
  const result: Unwrapped = { query: request, layer: undefined, init: undefined, withoutUpdates: false, takeoutId: undefined, after: [] };
  for (let depth = 0; ; depth++) {
    const inner = openWrapper(result.query, result);
    if (!inner) return result;
    if (depth >= MAX_WRAPPERS) throw rpcError('INPUT_FETCH_ERROR');
    result.query = inner;
  }
}

/** The query inside a wrapper, or undefined if `query` is not a wrapper. */
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
      return narrow(query.query, query.range);
    case 'invokeWithGooglePlayIntegrity':
    case 'invokeWithApnsSecret':
    case 'invokeWithReCaptcha':
      // These proofs are for Telegram's own apps. This server does not ask for them, so there is nothing to check.
      return query.query;
    case 'invokeWithTakeout':
      result.takeoutId = query.takeout_id;
      return query.query;
    case 'invokeWithBusinessConnection':
      // Business bots are not implemented (rule P10, unknown methods).
      throw rpcError('METHOD_INVALID');
    default:
      return undefined;
  }
}

/** Limits a request for messages to a range of their ids, both ends included. Other requests are not about one range of ids. */
function narrow(query: tl.AnyMethod, { min_id: minId, max_id: maxId }: tl.messageRange): tl.AnyMethod {
  if (query._ !== 'messages.getHistory' && query._ !== 'messages.search') return query;
  // The limits of these requests exclude the ids themselves, and 0 means no limit.
  const below = maxId >= MAX_ID ? query.max_id : Math.min(query.max_id || MAX_ID, maxId + 1);
  return { ...query, min_id: Math.max(query.min_id, minId - 1), max_id: below };
}

/** The list of devices and the notice of a new log-in show these texts. Line breaks in them could imitate text of the notice. */
function readInit(query: tl.initConnection): ConnectionInit {
  const text = (value: string): string => cleanLine(value, MAX_INIT_TEXT);
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
