import type { tl } from '@mtcute/core';
import type { FileLimits } from '../../protocol/index.ts';
import type { Account } from '../account.ts';

/** The longest part that the server takes, in bytes. */
const PART_BYTES = 512 * 1024;
/** Parts that mtcute sends of one file, at most. */
const PARTS_MAX = 4000;

/** Asks the server what a file must keep to. */
export async function loadLimits(account: Account): Promise<FileLimits> {
  const answer = await account.call({ _: 'help.getAppConfig', hash: 0 });
  const config = answer._ === 'help.appConfig' && answer.config._ === 'jsonObject' ? answer.config.value : [];
  const numberOf = (name: string): number | undefined => {
    const value = config.find(({ key }: tl.RawJsonObjectValue) => key === name)?.value;
    return value?._ === 'jsonNumber' ? value.value : undefined;
  };
  return { fileBytes: Math.min(numberOf('upload_max_fileparts_default') ?? PARTS_MAX, PARTS_MAX) * PART_BYTES, captionLength: numberOf('caption_length_limit_default') ?? 1024 };
}
