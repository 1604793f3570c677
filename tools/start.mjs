// npm start: installs and builds what is missing, then becomes the server, in this same process.
// usage: npm start -- [options]; npm start -- --help lists them
import { ensureDependencies } from './dependencies.mjs';

/** Main versions of Node that are not maintained any more. The package for operators brings its own. */
const ENDED_NODES = [20, 21, 23, 25];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Aerogram needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
if (ENDED_NODES.includes(major)) console.error(`Node ${major} gets no security fixes any more; Node 24 does.`);
stopWithParent();
await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
// The process that builds would stay beside the server, with 60 MB.
await (await import('esbuild')).stop();
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
