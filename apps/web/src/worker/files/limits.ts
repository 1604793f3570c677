import type { FileLimits } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { loadAppConfig } from '../app-config.ts';

/** The longest part that the server takes, in bytes. */
const PART_BYTES = 512 * 1024;
/** Parts that mtcute sends of one file, at most. */
const PARTS_MAX = 4000;

/** What a file must keep to, as the server says. */
export async function loadLimits(account: Account): Promise<FileLimits> {
  const config = await loadAppConfig(account);
  return { fileBytes: Math.min(config.limit('upload_max_fileparts', PARTS_MAX), PARTS_MAX) * PART_BYTES, captionLength: config.limit('caption_length_limit', 1024) };
}
