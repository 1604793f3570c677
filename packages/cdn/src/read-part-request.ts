import { readRequest } from '@aerogram/tl-compat';
import { type tl, TlError } from '@aerogram/tl';

/** A longer request is none that a node answers: a token, and the names of device and app that initConnection carries. */
const MAX_REQUEST_BYTES = 16 * 1024;

const MAX_WRAPPERS = 8;

/** The query inside wrappers that clients put around their first call. */
function queryInside(request: tl.AnyMethod): tl.AnyMethod | undefined {
  const { _ } = request;
  return _ === 'invokeWithLayer' || _ === 'initConnection' || _ === 'invokeWithoutUpdates' ? request.query : undefined;
}

/**
 * Reads a call. What the wrappers say is ignored: the answers are the same in every layer.
 * @returns undefined for everything that is not upload.getCdnFile, readable or not
 */
export function readPartRequest(body: Uint8Array): tl.upload.getCdnFile | undefined {
  if (body.length > MAX_REQUEST_BYTES) return undefined;
  try {
    let request = readRequest(body);
    for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
      if (request._ === 'upload.getCdnFile') return request;
      const inner = queryInside(request);
      if (!inner) return undefined;
      request = inner;
    }
    return undefined;
  } catch (error) {
    if (error instanceof TlError) return undefined;
    throw error;
  }
}
