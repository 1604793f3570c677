// npm start: installs and builds what is missing, then becomes the server, in this same process.
// usage: npm start -- [options]; npm start -- --help lists them
import { ensureDependencies } from './dependencies.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Aerogram needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
stopWithParent();
await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
process.setSourceMapsEnabled(true);
await import('../dist/server.js');

/**
 * Stops the server in order when the npm that started it is gone: npm hands signals on to its child, but not when it is killed
 * itself, and then nobody would stop the server and its database.
 */
function stopWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    console.error('npm has ended; stopping the server');
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}
