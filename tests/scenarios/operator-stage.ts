import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '@aerogram/cli/program';
import { onTestFinished } from 'vitest';
import type { Scenario } from './scenario.ts';

/** Runs a command of the operator beside the running server. @returns what it printed */
export async function aerogram(scenario: Pick<Scenario, 'server'>, ...args: string[]): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-operated-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const lines: string[] = [];
  const env = { AEROGRAM_DATABASE_URL: scenario.server.databaseUrl, AEROGRAM_DATA_DIR: dataDir };
  await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}
