// Runs the examples of examples/testing against the package of tools/pack-testing.mjs, without installing anything: fast enough to be run while
// the kit is being changed. The test in tests/bare installs the tarball instead.
// usage: node tools/run-examples.mjs [names of folders]
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './dependencies.mjs';
import { packTesting } from './pack-testing.mjs';

const source = join(root, 'examples/testing');
const folder = join(root, 'dist/examples');
const all = readdirSync(source).filter((name) => existsSync(join(source, name, 'package.json')));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all;
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There are no examples ${unknown.join(', ')}; examples: ${all.join(', ')}`);
  process.exit(2);
}

await packTesting();
rmSync(folder, { recursive: true, force: true });
// Other packages are found in node_modules of the repository, above this folder.
mkdirSync(join(folder, 'node_modules/@aerogram'), { recursive: true });
symlinkSync(join(root, 'dist/testing-package'), join(folder, 'node_modules/@aerogram/testing'));
mkdirSync(join(folder, 'node_modules/.bin'));
for (const [program, path] of Object.entries(JSON.parse(readFileSync(join(root, 'dist/testing-package/package.json'), 'utf8')).bin)) {
  const file = join(root, 'dist/testing-package', path);
  chmodSync(file, 0o755);
  symlinkSync(file, join(folder, 'node_modules/.bin', program));
}
// Otherwise vitest takes the settings of the repository.
writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');
// PATH may hold another Python first, without Debian's packages.
const env = { ...process.env, PATH: `/usr/bin${delimiter}${process.env.PATH}` };
let failed = 0;
for (const name of wanted) {
  cpSync(join(source, name), join(folder, name), { recursive: true });
  console.log(`\n── ${name} ──`);
  const { status } = spawnSync('npm', ['test', '--silent'], { cwd: join(folder, name), stdio: 'inherit', env });
  if (status !== 0) failed++;
}
console.log(`\n${wanted.length - failed} examples passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
