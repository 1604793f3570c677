import { expect, test } from 'vitest';

interface Bundler {
  bundle(source: string, outfile: string): Promise<{ path: string; text: string }[]>;
}

/** The packages whose code is in a bundle, and the npm packages that it loads. */
async function contentOf(source: string): Promise<{ own: Set<string>; npm: Set<string> }> {
  // The tool has no types.
  const { bundle } = (await import(new URL('../../../tools/build.mjs', import.meta.url).href)) as Bundler;
  const files = await bundle(source, 'dist/in-no-file.js');
  const { text } = files.find(({ path }) => path.endsWith('.js'))!;
  const own = new Set([...text.matchAll(/^\/\/ (?:packages|apps)\/([a-z-]+)\//gm)].map(([, name]) => name!));
  const npm = new Set([...text.matchAll(/(?:from|import\() ?"([^".][^"]*)"/g)].map(([, name]) => name!).filter((name) => !name.startsWith('node:')));
  return { own, npm };
}

test('the program of a CDN node contains nothing that knows a database, the messenger, or a key of a file', async () => {
  const { own, npm } = await contentOf('apps/cdn/src/main.ts');
  expect([...own].sort()).toEqual(['bus', 'cdn', 'cdn-protocol', 'crypto', 'errors', 'gateway', 'mtproto', 'runtime', 'tl', 'tl-compat']);
  expect([...npm].sort()).toEqual(['@mtcute/wasm', 'commander', 'pino', 'prom-client', 'ws']);
});
