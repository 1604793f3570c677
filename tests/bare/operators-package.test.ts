import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { printErrors } from '@aerogram/dev-env/child-errors';
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
const tellStory = (data: string): string => `
bin/aerogram-server --data-dir ${data} --port 0 --http-port 0 >${data}/log 2>&1 &
server=$!
for turn in $(seq 600); do grep -q ^MTProto ${data}/log && break; sleep 0.1; done
address=$(grep -oE 'http://localhost:[0-9]+' ${data}/log | head -1 | sed s/localhost/127.0.0.1/)
for page in / /readyz; do node/bin/node -e "fetch('$address$page').then(async (answer) => console.log('$page', answer.status))"; done
node/bin/node -e "fetch('$address/metrics').then(async (answer) => console.log(/^aerogram_build_info.*/m.exec(await answer.text())?.[0]))"
bin/aerogram --data-dir ${data} status
[ "$(readlink /proc/$server/exe)" = "$PWD/node/bin/node" ] && echo 'with its own Node'
kill $server
wait $server
echo "ended with $?"`;

/** Runs a command until it ends. @returns what it prints */
async function read(command: string, argv: string[]): Promise<string> {
  const child = printErrors(spawn(command, argv, { cwd: program, env: { PATH: process.env['PATH'], HOME: join(folder, 'data') }, stdio: ['ignore', 'pipe', 'pipe'] }));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

test('an ordinary user runs the unpacked package without a network', async () => {
  const output = await read(...asOperator(tellStory('../data')));
  expect(output, readFileSync(join(folder, 'data/log'), 'utf8')).toMatch(/^\/ 200\n\/readyz 200\naerogram_build_info\{version="\d+\.\d+\.\d+",schema="\d+"\} 1\nserver +process \d+, ready\n[^]*\nwith its own Node\nended with 0\n$/);
});

/** A user of containers. */
const STRANGER = '4711';
/** MiB that a process may allocate, and that all of them may use together. */
const MEMORY_MIB = 512;
/** What images have in /etc/passwd. */
const NOBODY_ONLY = `root:x:0:0::/root:/bin/sh\nnobody:x:${NOBODY}:${NOBODY}::/nonexistent:/usr/sbin/nologin\n`;
const hasBubblewrap = existsSync('/usr/bin/bwrap');

/** What a container gives to the program: its own files and those of the system to read, a directory to write, no network, no capabilities, and an ordinary user. @param more arguments of bwrap */
function inContainer(data: string, command: string, more: string[]): [string, string[]] {
  const readable = [['/usr', '/usr'], [program, '/opt/aerogram']].flatMap((paths) => ['--ro-bind', ...paths]);
  const links = ['lib', 'lib64', 'bin'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  return ['/usr/bin/bwrap', [
    '--unshare-all', '--die-with-parent', '--uid', STRANGER, '--gid', STRANGER, '--cap-drop', 'ALL', ...readable, ...links, ...more,
    '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--bind', data, '/data', '--remount-ro', '/', '--chdir', '/opt/aerogram', '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin', '--setenv', 'HOME', '/data',
    '/bin/bash', '-c', command,
  ]];
}

// Docker and Kubernetes allow no user namespaces by default; the image gives its user a name.
test.runIf(hasBubblewrap).each([
  ['without an entry in /etc/passwd', 'stranger', NOBODY_ONLY, []],
  ['without user namespaces', 'named', `${NOBODY_ONLY}aerogram:x:${STRANGER}:${STRANGER}::/data:/usr/sbin/nologin\n`, ['--unshare-user', '--disable-userns']],
])(`runs with the limits of a container, ${hasBubblewrap ? '' : '(skipped: bubblewrap) '}%s`, async (_what, name, passwd, more) => {
  const data = join(folder, name);
  mkdirSync(data);
  writeFileSync(`${data}.passwd`, passwd);
  const limits = `
id --user; grep CapEff /proc/self/status
touch /here dist/here 2>/dev/null && echo 'the root can be written'
ulimit -d ${MEMORY_MIB * 1024}`;
  // Memory that processes share counts once.
  const memory = `kib=0; while read -r _ each _; do kib=$((kib + each)); done < <(cat /proc/[0-9]*/smaps_rollup | grep ^Pss:); ((kib < ${MEMORY_MIB * 1024})) && echo 'within the memory'`;
  const output = await read(...inContainer(data, limits + tellStory('/data').replace('\nkill ', `\n${memory}\nkill `), ['--ro-bind', `${data}.passwd`, '/etc/passwd', ...more]));
  expect(output, readFileSync(join(data, 'log'), 'utf8')).toMatch(/^4711\nCapEff:\t0+\n\/ 200\n\/readyz 200\naerogram_build_info.* 1\nserver +process \d+, ready\n[^]*\nwith its own Node\nwithin the memory\nended with 0\n$/);
});

test('its files belong to root, who alone may write them', async () => {
  const { stdout } = await run('tar', ['--list', '--verbose', '--numeric-owner', '--file', tarball], { maxBuffer: 64 * 2 ** 20 });
  const others = stdout.split('\n').filter((line) => line !== '' && !/^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) 0\/0 /.test(line));
  expect(others).toEqual([]);
});

test('says its version', async () => {
  const { stdout } = await run('bin/aerogram-server', ['--version'], { cwd: program });
  expect(basename(program)).toBe(`${stdout.trim().replace(' ', '-')}-linux-x64`);
});
