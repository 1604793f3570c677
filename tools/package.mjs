// Makes the package for operators: a tarball that holds the programs and all that they need, Node too, so that a machine without network can run it.
// The same sources and the same npm give the same bytes.
// usage: npm run package [-- --arch x64|arm64]   writes dist/aerogram-<version>-linux-<arch>.tar.gz
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildOrExit, ENTRIES } from './build.mjs';
import { ensureDependencies, root } from './dependencies.mjs';
import { checkNoPaths, mebibytes, readJson } from './packed-files.mjs';
import { fetchNode, SHIPPED_NODE } from './shipped-node.mjs';

/** What only tests start. */
const FOR_TESTS = ['kit'];
/** The programs of npm's workspaces whose packages the tarball holds. */
const WORKSPACES = ['apps/server', 'apps/cli', 'apps/cdn'];
/** What operators read and use beside the programs, and what that points to. */
const BESIDE = ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md', 'docs', 'deploy', 'examples'];

/** The commands of the package, and the program of `dist/` that each runs. */
const COMMANDS = { aerogram: 'aerogram', 'aerogram-server': 'server', 'aerogram-cdn': 'cdn' };

/** A command that runs a program with the Node of the package. */
const command = (program) => `#!/bin/sh
# Runs dist/${program}.js with the Node that this package brings, or with the one that AEROGRAM_NODE names.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "\${AEROGRAM_NODE:-$here/node/bin/node}" --enable-source-maps "$here/dist/${program}.js" "$@"
`;

/** Adds Node and the commands that use it. */
async function addNode(target, arch) {
  const node = await fetchNode(arch);
  cpSync(node, join(target, 'node'), { recursive: true });
  mkdirSync(join(target, 'bin'));
  for (const [name, program] of Object.entries(COMMANDS)) writeFileSync(join(target, 'bin', name), command(program), { mode: 0o755 });
  const licence = readFileSync(join(node, 'LICENSE'), 'utf8');
  appendFileSync(join(target, 'NOTICE'), `\n${'='.repeat(80)}\nThe package for operators contains Node ${SHIPPED_NODE}, under this licence:\n\n${licence}`);
}

/** Copies programs, workers, the web client and the data files into `dist/` of the package. */
function copyPrograms(target) {
  const names = Object.keys(ENTRIES).filter((name) => !FOR_TESTS.includes(name));
  for (const file of names.flatMap((name) => [`${name}.js`, `${name}.js.map`])) copyFileSync(join(root, 'dist', file), join(target, 'dist', file));
  cpSync(join(root, 'dist/web'), join(target, 'dist/web'), { recursive: true });
  cpSync(join(root, 'packages/domain/assets'), join(target, 'dist/assets'), { recursive: true });
}

/**
 * Installs the packages that the programs import, for Linux on another processor if need be, as package-lock.json has them.
 * @param folder an empty folder for npm, which is not part of the package
 */
function installPackages(folder, target, arch) {
  for (const area of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, area))) {
      const file = join(area, name, 'package.json');
      if (!existsSync(join(root, file))) continue;
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      copyFileSync(join(root, file), join(folder, file));
    }
  }
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, file), join(folder, file));
  const workspaces = WORKSPACES.flatMap((name) => ['--workspace', name]);
  execFileSync('npm', ['ci', '--omit=dev', '--os=linux', `--cpu=${arch}`, '--libc=glibc', '--loglevel=error', ...workspaces], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  cpSync(join(folder, 'node_modules'), join(target, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    // Our own packages are in the programs. npm's record names every package that it did not install.
    filter: (path) => ![join(folder, 'node_modules/@aerogram'), join(folder, 'node_modules/.package-lock.json'), join(folder, 'node_modules/.bin')].includes(path),
  });
}

/** Files of the package beside the programs: only those of the repository, because settings that an operator has written there are secret. */
export function listBeside() {
  return execFileSync('git', ['ls-files', '-z', '--', ...BESIDE], { cwd: root, encoding: 'utf8' }).split('\0').filter((name) => name !== '');
}

function copyBeside(target) {
  for (const name of listBeside()) {
    mkdirSync(join(target, dirname(name)), { recursive: true });
    copyFileSync(join(root, name), join(target, name));
  }
}

function writePackageJson(target) {
  const { name, version, description, license, type, engines } = readJson(join(root, 'package.json'));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify({ name, version, private: true, description, license, type, engines, bin: { aerogram: 'bin/aerogram' } }, undefined, 2)}\n`);
}

/** @returns path of the tarball, whose files belong to root and have the time of the last commit */
function pack(folder, name) {
  const tarball = join(root, 'dist', `${name}.tar.gz`);
  const time = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim();
  const plain = ['--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w', '--sort=name', `--mtime=@${time}`, '--format=gnu'];
  execFileSync('tar', ['--create', '--use-compress-program=gzip -n', `--file=${tarball}`, ...plain, `--directory=${folder}`, name], { stdio: 'inherit' });
  return tarball;
}

/**
 * Writes the package for operators.
 * @param arch processor, as Node names it: `x64` or `arm64`
 * @returns path of the tarball
 */
export async function packOperators(arch) {
  await ensureDependencies();
  await buildOrExit();
  const { version } = readJson(join(root, 'package.json'));
  const name = `aerogram-${version}-linux-${arch}`;
  const folder = join(root, 'dist/package');
  const target = join(folder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(target, 'dist'), { recursive: true });
  mkdirSync(join(folder, 'npm'));
  try {
    copyPrograms(target);
    installPackages(join(folder, 'npm'), target, arch);
    copyBeside(target);
    await addNode(target, arch);
    writePackageJson(target);
    checkNoPaths(target);
    return pack(folder, name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  const { arch } = parseArgs({ options: { arch: { type: 'string', default: 'x64' } } }).values;
  if (arch !== 'x64' && arch !== 'arm64') {
    console.error('--arch is x64 or arm64');
    process.exit(2);
  }
  const tarball = await packOperators(arch);
  console.log(`dist/${basename(tarball)}  ${mebibytes(statSync(tarball).size)}`);
}
