import { rm } from 'node:fs/promises';
import path from 'node:path';
import { LocalFiles, type LocalFilesDeps } from '@aerogram/bot-api';
import type { Domain } from '@aerogram/domain';
import type { Config } from '@aerogram/runtime';

interface LocalDeps extends Pick<LocalFilesDeps, 'owns' | 'refusal' | 'clock' | 'log'> {
  config: Pick<Config, 'dataDir' | 'botApiLocal' | 'botApiLocalBytes' | 'workers'>;
  /** Which of several serving processes this is, from 0. */
  slot: number;
  domain: { auth: Pick<Domain['auth'], 'botTokens'>; botWebhooks: Pick<Domain['botWebhooks'], 'onChange'> };
}

/** Opens the copies of files for bots on this machine. @returns undefined unless the server is in local mode; copies of before are deleted then */
export async function openLocalFiles({ config, slot, domain, ...deps }: LocalDeps): Promise<LocalFiles | undefined> {
  const root = path.resolve(config.dataDir, 'bot-files');
  if (!config.botApiLocal) {
    if (slot === 0) await rm(root, { recursive: true, force: true }).catch((error: unknown) => deps.log.warn({ err: error }, 'the copies of files for bots could not be deleted'));
    return undefined;
  }
  return LocalFiles.open({
    ...deps,
    root,
    bytesMax: Math.floor(config.botApiLocalBytes / Math.max(1, config.workers)),
    isBot: (botId) => domain.auth.botTokens.hasBot(botId),
    onBotChange: (listener) => domain.botWebhooks.onChange(listener),
  });
}
