// The Node that the package for operators brings, and those that tests run on beside it. They come from npm as archives and never as dependencies: their `bin` would put
// another `node` before the one that runs each script.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './dependencies.mjs';
import { readJson } from './packed-files.mjs';

const run = promisify(execFile);

const { version, integrity, alsoTested } = readJson(join(root, 'tools/shipped-node.json'));

/** The version that is shipped, such as `24.22.3`. */
export const SHIPPED_NODE = version;
/** The other versions of Node on which `npm run test:all` runs tests. */
export const OTHER_NODES = Object.keys(alsoTested);

/** The folder in which fetched versions of Node stay, so that each is fetched once. */
const CACHE = join(root, 'node_modules/.cache/aerogram');

/** What is taken from the archive; everything else is npm and documentation. */
const TAKEN = ['package/bin/node', 'package/LICENSE'];

/**
 * Fetches a version of Node for Linux, unless it is there already.
 * @param {'x64' | 'arm64'} arch processor; other versions than the shipped one are known for x64 only
 * @param {string} wanted its version
 * @returns {Promise<string>} a folder with `bin/node` and `LICENSE`
 * @throws Error when the registry does not answer, or answers with other bytes than tools/shipped-node.json says
 */
export async function fetchNode(arch, wanted = SHIPPED_NODE) {
  const folder = join(CACHE, `node-${wanted}-${arch}`);
  if (existsSync(folder)) return folder;
  const expected = wanted === SHIPPED_NODE ? integrity[arch] : arch === 'x64' && alsoTested[wanted];
  if (!expected) throw new Error(`tools/shipped-node.json has no Node ${wanted} for ${arch}`);
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  try {
    await run('npm', ['pack', `node-linux-${arch}@${wanted}`, '--silent', '--pack-destination', draft], { cwd: draft });
    const archive = join(draft, readdirSync(draft)[0]);
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== expected) throw new Error(`Node ${wanted} for ${arch} has the integrity ${found}, not ${expected}`);
    await run('tar', ['--extract', '--gzip', '--file', archive, '--directory', draft, ...TAKEN]);
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(join(draft, 'package'), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Compares versions such as `24.22.3`. */
const compare = (first, second) => first.split('.').map((part, at) => Number(part) - Number(second.split('.')[at])).find((step) => step !== 0) ?? 0;

/**
 * The newest version of the shipped line that should have been taken over by now.
 * @param {Record<string, string>} times when each version was published, as npm says
 * @param {number} nowMs the time
 * @param {string} shipped the version that is shipped
 * @returns {string | undefined} undefined if the shipped one is the newest, or newer ones are less than a week old
 */
export function findMissedNode(times, nowMs, shipped = SHIPPED_NODE) {
  const weekAgoMs = nowMs - 7 * 24 * 3_600_000;
  const isMissed = ([each, time]) => each.startsWith(`${shipped.split('.')[0]}.`) && /^[\d.]+$/.test(each) && compare(each, shipped) > 0 && Date.parse(time) < weekAgoMs;
  return Object.entries(times).filter(isMissed).map(([each]) => each).sort(compare).at(-1);
}
