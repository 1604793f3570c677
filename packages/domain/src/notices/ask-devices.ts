import type { Reach } from '@aerogram/bus';

import type { PushDeviceRow } from '../auth/index.ts';
import type { ReachQuestions } from './ask-reach.ts';

/** What has reached each of these devices, by the key of its authorisation; each is asked for once, however many tokens it has. */
export async function askReach(questions: Pick<ReachQuestions, 'ask'>, devices: readonly PushDeviceRow[]): Promise<Map<bigint, Reach>> {
  const keys = [...new Set(devices.map(({ auth_key_id }) => auth_key_id))];
  return new Map(await Promise.all(keys.map(async (key): Promise<[bigint, Reach]> => [key, await questions.ask(key)])));
}
