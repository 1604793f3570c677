// npm run audit-dependencies: known vulnerabilities in the packages installed with the server. Fails for high and critical ones.
// If the registry cannot be reached, or cannot answer, the result is `skipped`.
import { spawnSync } from 'node:child_process';
import { root } from './dependencies.mjs';

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-timeout=20000', '--fetch-retries=1'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 90_000,
  shell: process.platform === 'win32',
});

function readReport() {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

const report = readReport();
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
