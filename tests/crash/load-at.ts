import { callPatiently, type RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';

/** One answer holds a whole file. */
const LIMIT = 524_288;

/** Loads a file that one answer holds. */
export async function loadAt(account: RawAccount, location: tl.InputFileLocation): Promise<Uint8Array> {
  const answer = await callPatiently<'upload.getFile'>(account, { _: 'upload.getFile', location, offset: 0n, limit: LIMIT });
  return answer._ === 'upload.file' ? answer.bytes : new Uint8Array();
}
