// Installs the npm packages if they are missing or differ from package-lock.json.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(`${root}${path}`, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Whether the packages that npm last installed (according to its record in node_modules) match package-lock.json. */
function dependenciesAreCurrent() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted) throw new Error('package-lock.json is missing or unreadable');
  if (!installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = installed[path];
    // Packages for other platforms are optional and not installed.
    if (!found) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

const PROGRESS_MS = 5000;

/** Makes node_modules match package-lock.json and reports progress. Ends the process if that fails. */
export async function ensureDependencies() {
  if (dependenciesAreCurrent()) return;
  console.log('Installing dependencies (npm ci), once …');
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const progress = setInterval(() => console.log(`… still installing (${seconds()} s)`), PROGRESS_MS);
  try {
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`npm ci ended with exit code ${code}`);
  } catch (error) {
    console.error(`The dependencies could not be installed: ${error.message}`);
    process.exit(1);
  } finally {
    clearInterval(progress);
  }
  console.log(`Dependencies are installed (${seconds()} s).`);
}
