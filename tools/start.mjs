// npm start: installs and builds what is missing, then becomes the server, in this same process.
// usage: npm start -- [options]; npm start -- --help lists them
import { ensureDependencies } from './dependencies.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Aerogram needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
process.setSourceMapsEnabled(true);
await import('../dist/server.js');
