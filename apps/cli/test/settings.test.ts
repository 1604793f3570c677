import { loadConfig } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { showSettings } from '../src/commands/settings.ts';

/** Where the settings of a process come from, by the names of their variables. */
function originsOf(argv: string[], env: Record<string, string>): Record<string, string> {
  const { value } = showSettings({ config: loadConfig(argv, env) }, env);
  return Object.fromEntries((value as { name: string; from: string }[]).map(({ name, from }) => [name, from]));
}

test('settings say whether they come from the command line, the environment or nowhere', () => {
  const origins = originsOf(['--log-level', 'debug', '--data-dir', '/srv/data', '--http-port', '8080'], { AEROGRAM_DATA_DIR: '/srv/other', AEROGRAM_HOST: '127.0.0.2', AEROGRAM_HTTP_PORT: '8080' });
  expect(origins).toMatchObject({
    AEROGRAM_LOG_LEVEL: 'command line',
    AEROGRAM_DATA_DIR: 'command line',
    AEROGRAM_HOST: 'environment',
    AEROGRAM_HTTP_PORT: 'environment',
    AEROGRAM_PORT: 'default',
  });
  // Neither a value that is shown in other words than its default, nor one that follows from others.
  expect(Object.entries(originsOf([], {})).filter(([, from]) => from !== 'default')).toEqual([]);
});
