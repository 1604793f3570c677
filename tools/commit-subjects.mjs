// .ci/run: subjects of commits must fit into one line of a list of commits.
// usage: node tools/commit-subjects.mjs
import { spawnSync } from 'node:child_process';
import { root } from './dependencies.mjs';

const LENGTH_MAX = 72;
/** The last commit before the rule. Many older subjects are longer. */
const BASE = 'cf132d30ac8a2ad4d93e394640123f0a1be7710b';

const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });

if (git('merge-base', '--is-ancestor', BASE, 'HEAD').status !== 0) {
  console.log(`not checked: the history of this clone does not contain commit ${BASE}, from which on subjects are checked`);
  process.exit(0);
}
const commits = git('log', '--format=%h %s', `${BASE}..HEAD`).stdout.split('\n').filter(Boolean);
const long = commits.filter((line) => line.length - line.indexOf(' ') - 1 > LENGTH_MAX);
for (const line of long) console.error(`${line}\n  the subject is longer than ${LENGTH_MAX} characters`);
console.log(`${commits.length} commits after ${BASE}, ${long.length} with a long subject`);
process.exitCode = long.length === 0 ? 0 : 1;
