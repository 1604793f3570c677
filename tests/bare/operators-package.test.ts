import { execFile, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IS_ROOT, NOBODY } from './bare-folder.ts';

const run = promisify(execFile);
const root = findRepositoryRoot();
let tarball: string;
let folder: string;
let program: string;

beforeAll(async () => {
  const { stdout } = await run(process.execPath, [join(root, 'tools/package.mjs')], { cwd: root });
  tarball = join(root, /^\S+/.exec(stdout)![0]);
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  await run('tar', ['--extract', '--file', tarball, '--directory', folder]);
  program = join(folder, basename(tarball, '.tar.gz'));
  mkdirSync(join(folder, 'data'));
  if (!IS_ROOT) return;
  await run('chmod', ['755', folder]);
  // The files of the program stay root's, who alone may change them.
  chownSync(join(folder, 'data'), NOBODY, NOBODY);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Brings up the loopback interface of an empty network, then becomes an ordinary user. */
const WITHOUT_NETWORK = `
import fcntl, os, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))
os.setgroups([]); os.setgid(${NOBODY}); os.setuid(${NOBODY})
os.execvp(sys.argv[1], sys.argv[1:])`;

/** A shell command in the folder of the program, as an ordinary user without a network if this process may arrange that. */
function asOperator(command: string): [string, string[]] {
  const shell = ['/bin/bash', '-c', command];
  return IS_ROOT ? ['unshare', ['--net', '/usr/bin/python3', '-c', WITHOUT_NETWORK, ...shell]] : [shell[0]!, shell.slice(1)];
}

/** Starts the server, calls its pages and the command line, and ends it. */
const STORY = `
node dist/server.js --data-dir ../data --port 0 --http-port 0 >../data/log 2>&1 &
server=$!
for turn in $(seq 300); do grep -q ^MTProto ../data/log && break; sleep 0.1; done
address=$(grep -oE 'http://localhost:[0-9]+' ../data/log | head -1)
for page in / /readyz; do node -e "fetch('$address$page').then(async (answer) => console.log('$page', answer.status))"; done
node -e "fetch('$address/metrics').then(async (answer) => console.log(/^aerogram_build_info.*/m.exec(await answer.text())?.[0]))"
node dist/aerogram.js --data-dir ../data status
kill $server
wait $server
echo "ended with $?"`;

test('an ordinary user runs the unpacked package without a network', async () => {
  const [command, argv] = asOperator(STORY);
  const child = spawn(command, argv, { cwd: program, env: { PATH: process.env['PATH'], HOME: join(folder, 'data') }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve) => child.once('close', resolve));
  expect(output, readFileSync(join(folder, 'data/log'), 'utf8')).toMatch(/^\/ 200\n\/readyz 200\naerogram_build_info\{version="\d+\.\d+\.\d+",schema="\d+"\} 1\nserver +process \d+, ready\n[^]*\nended with 0\n$/);
});

test('its files belong to root, who alone may write them', async () => {
  const { stdout } = await run('tar', ['--list', '--verbose', '--numeric-owner', '--file', tarball], { maxBuffer: 64 * 2 ** 20 });
  const others = stdout.split('\n').filter((line) => line !== '' && !/^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) 0\/0 /.test(line));
  expect(others).toEqual([]);
});

test('says its version', async () => {
  const { stdout } = await run(process.execPath, ['dist/server.js', '--version'], { cwd: program });
  expect(basename(program)).toBe(`${stdout.trim().replace(' ', '-')}-linux-x64`);
});
