import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { checkCitations } from './citations.ts';
import { checkDocstrings, DOCUMENTED } from './docstrings.ts';
import { renderBotApiPage } from './bot-api-page.ts';
import { renderControlApiPage, renderOpenApi } from './control-api-page.ts';
import { renderConfigPage } from './config-page.ts';
import { renderCoveragePage } from './coverage-page.ts';
import { renderErrorsPage } from './errors-page.ts';
import { renderLayersPage } from './layers-page.ts';
import { renderMetricsPage } from './metrics-page.ts';

// npm run docs [-- --check], from the root of the repository.
const isCheck = process.argv.includes('--check');

const pages = {
  'docs/bot-api.md': renderBotApiPage(),
  'docs/config.md': renderConfigPage(),
  'docs/control-api.md': renderControlApiPage(),
  'docs/coverage.md': renderCoveragePage(),
  'docs/errors.md': renderErrorsPage(),
  'docs/layers.md': renderLayersPage(),
  'docs/metrics.md': renderMetricsPage(),
  'packages/testing/openapi.json': renderOpenApi(),
};

const stale = Object.entries(pages).filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);

if (isCheck) {
  for (const [path] of stale) process.stderr.write(`${path} is not current; run: npm run docs\n`);
  const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).trim().split('\n');
  const docstrings = sources.filter((path) => DOCUMENTED.test(path) && existsSync(path)).flatMap((path) => checkDocstrings(path, readFileSync(path, 'utf8')));
  const mistakes = [...checkCitations(), ...docstrings];
  for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
  process.exitCode = stale.length + mistakes.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) writeFileSync(path, text);
  process.stdout.write(`${Object.keys(pages).length} pages, ${stale.length} written\n`);
}
