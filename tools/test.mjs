// Runs tests with one line of figures at the end.
// usage: npm test [-- --only unit,scenario]
//        npm run test:all [-- --run 'PostgreSQL 15' --shard 2/6]
// AEROGRAM_CI_STRICT=1 counts a skipped test or suite as failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './dependencies.mjs';
import { fetchNode } from './shipped-node.mjs';
import { describeFailures, RESULT_HEADING } from './test/result-lines.mjs';
import { SUITES } from './test/suites.mjs';
import { DIRECTORY_VARIABLE, judgeDirectory } from './test/two-homes.mjs';
import { createTally, runVitest } from './test/vitest-run.mjs';

const strict = process.env.AEROGRAM_CI_STRICT === '1';
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', default: 'short' },
    // Kinds of tests, separated by commas.
    only: { type: 'string' },
    // Only runs whose title contains this text are made.
    run: { type: 'string' },
    // `2/6` divides the test files of each run into six parts and runs the second.
    shard: { type: 'string' },
  },
});
const suite = SUITES[options.suite];
if (suite === undefined) {
  console.error(`There is no suite ${options.suite}; suites: ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}
const wanted = options.only?.split(',');
const chosen = suite.runs
  .map((run) => ({ ...run, projects: run.projects.filter((name) => wanted?.includes(name) ?? true), shard: options.shard }))
  .filter(({ title, projects }) => projects.length > 0 && title.includes(options.run ?? ''));
const isPart = [options.only, options.run, options.shard].some((option) => option !== undefined);

// PATH may hold another Python, without Debian's packages.
const hasPythonModule = (name) => spawnSync('/usr/bin/python3', ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;
const hasPostgres15 = existsSync('/usr/lib/postgresql/15/bin/postgres');
const hasFfmpeg = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0;
const hasHaproxy = existsSync('/usr/sbin/haproxy');
const hasNats = existsSync('/usr/sbin/nats-server');
const hasCoturn = existsSync('/usr/bin/turnutils_uclient');
const hasChromium = existsSync('/usr/bin/chromium');
const hasFirefox = existsSync('/usr/bin/firefox-esr');
const hasWebKit = existsSync('/usr/bin/WebKitWebDriver');
const hasScreen = existsSync('/usr/bin/Xvfb');
const hasPatroni = existsSync('/usr/bin/patroni');
const hasEtcd = existsSync('/usr/bin/etcd');
const hasFail2ban = existsSync('/usr/bin/fail2ban-regex');
const hasBubblewrap = existsSync('/usr/bin/bwrap');
const hasNginx = existsSync('/usr/sbin/nginx');
const hasNginxStream = existsSync('/usr/lib/nginx/modules/ngx_stream_module.so');
const hasPromtool = existsSync('/usr/bin/promtool');
// npm has them for more systems, but only these archives are known.
const hasOtherNodes = process.platform === 'linux' && process.arch === 'x64';
// Only stories of the longest suite need these, fail2ban, nginx and promtool.
const tellsAll = options.suite === 'all' && chosen.some(({ projects }) => projects.includes('interop'));
// Only complete runs of the web tests use Firefox and WebKit. `npm test` names its web tests, and they use chromium alone.
const meetsOtherBrowsers = chosen.some(({ projects, files }) => projects.includes('web') && files === undefined);
const absent = [
  ...(hasPythonModule('telethon') ? [] : ['python3-telethon']),
  ...(hasPythonModule('telegram.ext') || chosen.every(({ projects, files }) => !projects.includes('interop') || files !== undefined) ? [] : ['python3-python-telegram-bot']),
  ...(hasPostgres15 || chosen.every(({ engine }) => engine !== '15') ? [] : ['postgresql-15']),
  ...(hasFfmpeg ? [] : ['ffmpeg']),
  ...(hasHaproxy || chosen.every(({ projects, files }) => !projects.includes('interop') || files !== undefined) ? [] : ['haproxy']),
  ...(hasNats || !chosen.some(({ projects }) => projects.includes('unit') || projects.includes('scenario')) ? [] : ['nats-server']),
  ...(hasCoturn || chosen.every(({ projects, files }) => !projects.includes('interop') || files !== undefined) ? [] : ['coturn']),
  ...(hasPatroni || !tellsAll ? [] : ['patroni']),
  ...(hasEtcd || !tellsAll ? [] : ['etcd-server']),
  ...(hasFail2ban || !tellsAll ? [] : ['fail2ban']),
  ...(hasNginx || !tellsAll ? [] : ['nginx-light']),
  ...(hasNginxStream || !tellsAll ? [] : ['libnginx-mod-stream']),
  ...(hasBubblewrap || !chosen.some(({ projects }) => projects.includes('bare')) ? [] : ['bubblewrap']),
  ...(hasPromtool || !tellsAll ? [] : ['prometheus']),
  ...(hasFirefox || !meetsOtherBrowsers ? [] : ['firefox-esr']),
  ...(hasWebKit || !meetsOtherBrowsers ? [] : ['webkit2gtk-driver']),
  ...(hasScreen || !meetsOtherBrowsers ? [] : ['xvfb']),
  ...(hasChromium || chosen.every(({ projects }) => !projects.includes('web')) ? [] : ['chromium']),
];

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
for (const name of absent) console.log(`skipped: ${name} (not installed; on Debian: apt-get install ${name})`);

const tally = createTally();
const folder = mkdtempSync(join(tmpdir(), 'aerogram-test-'));
const homes = join(folder, 'homes');
try {
  for (const run of chosen) {
    // Only these tests are the same ones in each run; fuzz tests find other operations each time.
    const metered = run.projects.some((name) => name === 'database' || name === 'scenario') ? { [DIRECTORY_VARIABLE]: homes } : {};
    const isPossible = (run.engine !== '15' || hasPostgres15) && (run.env?.AEROGRAM_TEST_NODES === undefined || hasNats) && (run.node === undefined || hasOtherNodes);
    const node = run.node === undefined || !isPossible ? undefined : join(await fetchNode(process.arch, run.node), 'bin/node');
    if (isPossible) runVitest({ ...run, node }, folder, { ...suite.env, ...run.env, ...metered }, tally);
  }
  // The meter is not in the processes of workers.
  const isWhole = suite.seesAllHomes === true && !isPart && process.env.AEROGRAM_TEST_WORKERS === undefined;
  const differences = judgeDirectory(homes, isWhole && tally.failed + tally.skipped + absent.length === 0);
  tally.failures.push(...differences.map((name) => ({ name })));
  tally.failed += differences.length;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`\n${RESULT_HEADING}`);
if (strict) {
  if (absent.length + tally.skipped > 0) {
    console.log(`${tally.skipped} tests and ${absent.length} packages${absent.map((name) => ` ${name}`).join()} were skipped, which counts as failure here`);
  }
  tally.failed += tally.skipped + absent.length;
} else if (tally.skipped > 0) {
  console.log(`${tally.skipped} tests were skipped`);
}
if (suite.others !== undefined) console.log(`left out: ${new Set(chosen.flatMap(({ without = [] }) => without)).size} files of tests; ${suite.others}`);
for (const line of tally.times) console.log(line);
const named = (word, failures) => failures.map(({ name, details }) => ({ name: `${word}: ${name}`, details }));
const skips = strict ? named('skipped', tally.skips) : [];
for (const line of describeFailures([...named('failed', tally.failures), ...named('unstable', tally.unstable), ...skips])) console.log(line);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
console.log(`${tally.passed} passed, ${tally.failed} failed`);
