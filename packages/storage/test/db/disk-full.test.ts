import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { printErrors } from '@aerogram/dev-env/child-errors';
import { afterAll, expect, test } from 'vitest';
import { testEngine } from '../../testing/index.ts';
import { useBundledChild } from './bundled-child.ts';

const childFile = useBundledChild('disk-child.ts');
const DISK = '640m';

/** How a process can get its own small disk on this machine; undefined if it cannot. */
function findNamespace(): string[] | undefined {
  const ways = process.geteuid?.() === 0 ? [['unshare', '--mount']] : [['unshare', '--user', '--map-root-user', '--mount']];
  return ways.find(([command, ...args]) => {
    try {
      execFileSync(command!, [...args, 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

const namespace = findNamespace();
if (!namespace) console.log('skipped: this machine gives no mount namespace, so no small disk to fill');
const mountPoint = mkdtempSync(path.join(tmpdir(), 'aerogram-disk-'));

afterAll(() => {
  rmSync(mountPoint, { recursive: true, force: true });
});

test.skipIf(!namespace)(
  'on a full disk reads work and writes are refused, nothing is lost, and writes work again once there is space',
  async () => {
    const [command, ...args] = namespace!;
    const engine = testEngine();
    const script = `mount -t tmpfs -o size=${DISK},mode=0755 tmpfs "$1" && exec "$2" "$3" "$1/data" "$4"`;
    const child = printErrors(spawn(command!, [...args, 'sh', '-c', script, 'sh', mountPoint, process.execPath, childFile(), engine === 'embedded' ? '' : engine.binDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
    }));
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    const seen = JSON.parse(output) as Record<string, unknown>;
    expect(seen['words']).toMatch(/is nearly full: \d+ MiB are free, 64 MiB are needed; nothing is written until/);
    expect(seen).toMatchObject({
      refused: true,
      'jobs while full': 0,
      'read while full': true,
      'written after': true,
      'another database process': true,
      'nothing acknowledged is lost': true,
      'read only after': true,
      'still read only': true,
      'written at last': true,
    });
  },
  120_000,
);
