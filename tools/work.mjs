// Counts the work of calls (bench/work). The server runs on the Node version of the operators' package, because allocations depend on the version.
// usage: node tools/work.mjs [--check] [--row <part of a name> [--profile]]
import { spawnSync } from 'node:child_process';
import { arch } from 'node:os';
import { join } from 'node:path';
import { root } from './dependencies.mjs';
import { fetchNode } from './shipped-node.mjs';

const node = join(await fetchNode(arch() === 'arm64' ? 'arm64' : 'x64'), 'bin/node');
const { status } = spawnSync(process.execPath, [join(root, 'tools/run.mjs'), 'bench/work/main.ts', ...process.argv.slice(2), '--node', node], { stdio: 'inherit', cwd: root });
process.exitCode = status ?? 1;
