import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, createMetrics, silentLogger, systemClock } from '@aerogram/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { FileHook, type HookedFile } from '../src/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'aerogram-hook-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const make = (command: string, options: Partial<ConstructorParameters<typeof FileHook>[0]> = {}): FileHook =>
  new FileHook({ command, timeoutMs: 20_000, parallel: 1, clock: systemClock, log: silentLogger, metrics: createMetrics(), ...options });

const file = (bytes: string, account = 1n): HookedFile => ({ account, size: bytes.length, hash: 'ab12', async *read() { yield Buffer.from(bytes); } });

describe('the hook for new files', () => {
  it('gets the bytes on standard input, and accepts or refuses them by its exit code', async () => {
    const hook = make('! grep -q virus');
    expect(await hook.ask(file('harmless'))).toBe('accepted');
    expect(await hook.ask(file('a virus'))).toBe('refused');
  });

  it('has failed with any other exit code, and when it is not there or takes too long', async () => {
    expect(await make('exit 2').ask(file('a'))).toBe('failed');
    // What the shell says about it would stand in the output of the tests.
    expect(await make('/no/such/scanner 2> /dev/null').ask(file('a'))).toBe('failed');
    expect(await make('kill -9 $$').ask(file('a'))).toBe('failed');
    const pid = join(directory, 'pid');
    expect(await make(`sleep 60 & echo $! > ${pid}; wait`, { timeoutMs: 300 }).ask(file('a'))).toBe('failed');
    // What the command has started ends with it: it is gone, or a zombie that its parent has not yet waited for.
    const stat = `/proc/${readFileSync(pid, 'utf8').trim()}/stat`;
    await expect.poll(() => existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ')).toBe(false);
  });

  it('need not read all that it gets', async () => {
    const long: HookedFile = { ...file(''), async *read() { for (let n = 0; n < 200; n++) yield Buffer.alloc(65_536); } };
    expect(await make('exit 0').ask(long)).toBe('accepted');
    expect(await make('head -c 10 >/dev/null; exit 1').ask(long)).toBe('refused');
  });

  it('has failed when the file cannot be read', async () => {
    const broken: HookedFile = { ...file(''), async *read() { yield Buffer.from('a'); await Promise.reject(new Error('the disk is gone')); } };
    expect(await make('cat >/dev/null').ask(broken)).toBe('failed');
  });

  it('is told size and hash, and none of the settings of the server', async () => {
    const out = join(directory, 'env');
    process.env['AEROGRAM_SECRET_OF_TEST'] = 'secret';
    await make(`env > ${out}`).ask(file('four'));
    delete process.env['AEROGRAM_SECRET_OF_TEST'];
    const env = readFileSync(out, 'utf8');
    expect(env).toContain('FILE_SIZE=4\n');
    expect(env).toContain('FILE_HASH=ab12\n');
    expect(env).not.toContain('AEROGRAM_');
  });

  it('judges only so many files at once, accounts in turn, and lets nobody wait for longer than half a minute', async () => {
    const order: string[] = [];
    const clock = createFakeClock();
    const metrics = createMetrics();
    const hook = make('cat >/dev/null', { clock, metrics });
    const began = new EventTarget();
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    const first = hook.ask({ ...file('1'), async *read() { began.dispatchEvent(new Event('read')); await held; yield Buffer.from('1'); } });
    await once(began, 'read').catch(() => {});
    const ask = (name: string, account: bigint): Promise<unknown> => hook.ask({ ...file(name, account), async *read() { order.push(name); yield Buffer.from(name); } });
    const others = [ask('a1', 1n), ask('a2', 1n), ask('b1', 2n)];
    expect(order).toEqual([]);
    finish();
    expect(await first).toBe('accepted');
    expect(await Promise.all(others)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(order).toEqual(['a1', 'b1', 'a2']);

    let finishAgain = (): void => {};
    const heldAgain = new Promise<void>((resolve) => (finishAgain = resolve));
    const slow = hook.ask({ ...file('1'), async *read() { await heldAgain; yield Buffer.from('1'); } });
    const waits = ask('late', 3n);
    expect(await metrics.render()).toContain('aerogram_file_hook_waiting 1\n');
    await clock.advance(30_001);
    expect(await waits).toBe('busy');
    expect(await metrics.render()).toContain('aerogram_file_hook_waiting 0\n');
    const many = Array.from({ length: 21 }, () => ask('more', 4n));
    expect(await many[20]).toBe('busy');
    finishAgain();
    expect(await slow).toBe('accepted');
    await Promise.all(many);
  });
});
