// Removes each write to the update log, each flush, each publish and each step of a counter in turn, and runs the tests that should notice.
// usage: npm run mutants [-- --only TEXT] [--tests N] [--list]
//   --only   only mutants whose place contains this text
//   --tests  how many test files each mutant gets before it counts as survived (8)
//   --list   print the places and the tests, run nothing
// Results are kept in .mutants.json, so that a run that was stopped goes on where it ended; delete the file to begin anew.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSync, Visitor } from 'oxc-parser';
import { root } from './dependencies.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string' }, tests: { type: 'string', default: '8' }, list: { type: 'boolean' } } });
const SOURCES = join(root, 'packages/domain/src');
const RESULTS = join(root, '.mutants.json');
const TEST_TIMEOUT_MS = 300_000;

/** What a mutant runs that survived the tests nearest to it: here every device's whole state is compared, whatever was written. */
const GENERAL_TESTS = ['sync-property', 'multi-device', 'people', 'folders'].map((name) => join(root, `tests/scenarios/${name}.test.ts`));

/** Calls on open boxes that add to what is written. Those whose answer is used are replaced by the position of the box. */
const LOG_CALLS = new Set(['addUpdate', 'addLoose', 'addEdit', 'noteSent']);
const COUNTERS = new Set(['pts', 'loose_seq', 'next_msg_id']);
const ONCE = new Set(['flush', 'publish', 'insertLog', 'dropSuperseded']);

const files = (dir, pattern) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** The mutants of one file: what to put in the place of which characters. */
function findMutants(file) {
  const text = readFileSync(file, 'utf8');
  const found = [];
  const lineOf = (at) => text.slice(0, at).split('\n').length;
  const add = (node, put, what) => found.push({ file, start: node.start, end: node.end, put, name: `${relative(SOURCES, file)}:${lineOf(node.start)} ${what}`, text: text.slice(node.start, node.end) });
  const nameOf = (callee) => (callee.type === 'MemberExpression' ? callee.property.name : callee.name);
  const isBoxes = (callee) => callee.type === 'MemberExpression' && /(^|\.)boxes$/.test(text.slice(callee.object.start, callee.object.end));
  const unused = new Set();
  const visitCall = (node) => {
    const name = nameOf(node.callee);
    if (LOG_CALLS.has(name) && isBoxes(node.callee)) {
      const owner = node.arguments[0];
      const put = unused.has(node) || name === 'noteSent' ? 'void 0' : `${text.slice(node.callee.object.start, node.callee.object.end)}.pts(${text.slice(owner.start, owner.end)})`;
      add(node, put, name);
    } else if (ONCE.has(name) && (unused.has(node) || name === 'publish')) {
      add(node, 'void 0', name);
    }
  };
  new Visitor({
    ExpressionStatement: ({ expression }) => unused.add(expression.type === 'AwaitExpression' ? expression.argument : expression),
    ArrowFunctionExpression: ({ body }) => unused.add(body),
    CallExpression: visitCall,
    UpdateExpression: (node) => isStep(node.argument) && add(node, 'void 0', 'counter step'),
    AssignmentExpression: (node) => isStep(node.left) && node.operator !== '=' && add(node, 'void 0', 'counter step'),
  }).visit(parseSync(file, text).program);
  return found;

  function isStep(target) {
    return target.type === 'MemberExpression' && COUNTERS.has(target.property.name) && target.object.type === 'Identifier' && target.object.name === 'counter';
  }
}

/** Test files by how much they have to do with a mutant: they name its updates, its function, its file or its folder. */
function rankTests(mutant, tests) {
  const source = readFileSync(mutant.file, 'utf8');
  const around = source.slice(Math.max(0, mutant.start - 1500), mutant.end + 600);
  const updates = new Set([...(mutant.text.match(/update[A-Z]\w+/g) ?? []), ...(around.match(/update[A-Z]\w+/g) ?? [])]);
  const functions = new Set([...source.matchAll(/\b(do[A-Z]\w+)/g)].map((match) => match[1]));
  const stem = basename(mutant.file, '.ts');
  const folder = basename(dirname(mutant.file));
  const scoreOf = ({ file, text }) => {
    let score = 0;
    for (const update of updates) if (text.includes(update)) score += mutant.text.includes(update) ? 6 : 2;
    for (const name of functions) if (text.includes(name)) score += 2;
    for (const word of [...stem.split('-'), folder.replace(/s$/, '')]) if (word.length > 3 && basename(file).includes(word)) score += 3;
    // Database tests start in a second; scenarios check what all devices hold.
    return score + (file.includes('/test/db/') ? 2 : 0) + (text.includes('verifyUpdates') ? 2 : 0);
  };
  return tests
    .map((test) => ({ file: test.file, score: scoreOf(test) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, Number(options.tests))
    .map((test) => test.file);
}

function makeCheckout() {
  const dir = join(mkdtempSync(join(tmpdir(), 'aerogram-mutants-')), 'checkout');
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', dir, 'HEAD'], { cwd: root });
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(dir, 'node_modules')]);
  for (const name of readdirSync(join(root, 'packages'))) {
    const modules = join(root, 'packages', name, 'node_modules');
    if (existsSync(modules)) execFileSync('cp', ['-al', modules, join(dir, 'packages', name, 'node_modules')]);
  }
  return dir;
}

/** Runs the tests over one mutant. A test that never ends has noticed it, too. @returns 'killed' or 'survived' */
function run(checkout, mutant, tests) {
  const file = join(checkout, relative(root, mutant.file));
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.slice(0, mutant.start) + mutant.put + whole.slice(mutant.end));
  try {
    const passes = (some) => {
      const args = ['vitest', 'run', '--bail', '1', '--reporter', 'dot', ...some.map((test) => relative(root, test))];
      const { status, signal } = spawnSync('npx', args, { cwd: checkout, timeout: TEST_TIMEOUT_MS, stdio: 'ignore' });
      if (signal !== null && signal !== 'SIGTERM') throw new Error(`the tests of ${mutant.name} were ended by ${signal}`);
      return status === 0;
    };
    return passes(tests) && passes(GENERAL_TESTS.filter((test) => !tests.includes(test))) ? 'survived' : 'killed';
  } finally {
    writeFileSync(file, whole);
  }
}

const tests = [...files(join(root, 'packages/domain/test/db'), /\.test\.ts$/), ...files(join(root, 'packages/rpc-handlers/test'), /\.test\.ts$/), ...files(join(root, 'tests/scenarios'), /\.test\.ts$/)]
  .filter((file) => !/crash|full-disk|attacks|client-boot|faults|restore|workers|language/.test(file))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const mutants = files(SOURCES, /\.ts$/)
  .flatMap(findMutants)
  .filter(({ name }) => options.only === undefined || name.includes(options.only));
const results = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};

if (options.list) {
  for (const mutant of mutants) console.log(`${mutant.name}\n    ${rankTests(mutant, tests).map((test) => relative(root, test)).join('\n    ')}`);
  console.log(`${mutants.length} mutants`);
} else {
  const checkout = makeCheckout();
  try {
    for (const [index, mutant] of mutants.entries()) {
      if (results[mutant.name] === undefined) {
        results[mutant.name] = run(checkout, mutant, rankTests(mutant, tests));
        writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
      }
      console.log(`${index + 1}/${mutants.length} ${results[mutant.name]} ${mutant.name}`);
    }
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', checkout], { cwd: root });
    rmSync(dirname(checkout), { recursive: true, force: true });
  }
  const survivors = mutants.filter(({ name }) => results[name] === 'survived');
  for (const { name } of survivors) console.log(`survived: ${name}`);
  console.log(`${mutants.length} mutants, ${survivors.length} survived`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
}
