// Bundles the web client into dist/web/, and the admin page into dist/web/admin/: pages and chunks with hashes in their names under assets/, the worker without one, each also compressed.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root } from './dependencies.mjs';
import { drawWebIcons } from './web-icons.mjs';

const source = join(root, 'apps/web/src');
const adminSource = join(root, 'apps/admin/src');
const out = join(root, 'dist/web');

/** Name of a bundle → source. */
export const WEB_ENTRIES = {
  app: 'apps/web/src/page/app/main.tsx',
  worker: 'apps/web/src/worker/main.ts',
  sw: 'apps/web/src/service-worker/main.ts',
  admin: 'apps/admin/src/main.tsx',
};

/** Each icon becomes a component by this function. */
export const ICON_MAKER = 'apps/web/src/page/parts/draw-icon.ts';

/** Sizes in bytes after gzip. What is sent before somebody can log in must stay small, and so must each part of {@link LATER}, without what the page of an account has anyway. */
const BOUNDS = { shell: 40 * 1024, beforeLogIn: 280 * 1024, admin: 48 * 1024, manage: 24 * 1024, privacy: 8 * 1024, folders: 7 * 1024, devices: 5 * 1024, calls: 30 * 1024, panel: 22 * 1024, stickers: 8 * 1024, statuses: 6 * 1024, viewer: 6 * 1024, tags: 3 * 1024, kinds: 3 * 1024 };

/** Source of the page of an account, which is loaded by `import()`. */
const HOME = 'apps/web/src/page/app/home.tsx';

/** Parts of the page that are loaded when they are needed: name in {@link BOUNDS} → source. */
const LATER = {
  manage: 'apps/web/src/page/manage/manage-panel.tsx',
  privacy: 'apps/web/src/page/privacy/privacy-pages.tsx',
  folders: 'apps/web/src/page/folders/folder-pages.tsx',
  devices: 'apps/web/src/page/devices/device-pages.tsx',
  calls: 'apps/web/src/page/calls/call-parts.tsx',
  viewer: 'apps/web/src/page/media/viewer.tsx',
  panel: 'apps/web/src/page/emoji/panel.tsx',
  stickers: 'apps/web/src/page/stickers/sticker-pages.tsx',
  statuses: 'apps/web/src/page/statuses/status-row.tsx',
  tags: 'apps/web/src/page/search/tag-pages.tsx',
  kinds: 'apps/web/src/page/search/kind-results.tsx',
};

const COMPRESSED = new Set(['.js', '.css', '.html', '.wasm', '.svg', '.webmanifest']);

const gzip = (contents) => gzipSync(contents, { level: 9 });

/** The public entry of mtcute's client brings all its methods, of which nothing is used here. */
const onlyBaseClient = {
  name: 'only-base-client',
  setup(build) {
    const base = join(root, 'node_modules/@mtcute/core/highlevel/base.js');
    build.onResolve({ filter: /^@mtcute\/core\/client\.js$/ }, () => ({ path: base }));
  },
};

/** Turns an icon of lucide into a component, so that no markup is inserted as text. */
const icons = {
  name: 'icons',
  setup(build) {
    build.onLoad({ filter: /lucide-static[\\/]icons[\\/][\w-]+\.svg$/ }, ({ path }) => {
      const drawing = [...readFileSync(path, 'utf8').matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/>/g)].map(([, tag, attributes]) => {
        const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
        return `h(${JSON.stringify(tag)}, { ${pairs.join(', ')} })`;
      });
      const contents = `import { h } from 'preact'; import { drawIcon } from ${JSON.stringify(join(root, ICON_MAKER))};\nexport default drawIcon(() => [${drawing.join(', ')}]);`;
      return { contents, loader: 'js', resolveDir: root };
    });
  },
};

/**
 * Makes a file of a style sheet with all that it imports. The page loads it by its address when it needs it.
 * @param pictures gets the files that style sheets name, by their path below dist/web
 */
const sheets = (pictures) => ({
  name: 'sheets',
  setup({ onResolve, onLoad, esbuild, initialOptions: { minify, target, outdir, publicPath, assetNames, loader } }) {
    onResolve({ filter: /\.css\?address$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.replace('?address', '')), namespace: 'sheet' }));
    onLoad({ filter: /./, namespace: 'sheet' }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({ entryPoints: [path], bundle: true, minify, target, outdir, publicPath, assetNames, loader, write: false, logLevel: 'warning' });
      const sheet = outputFiles.find((file) => file.path.endsWith('.css'));
      for (const file of outputFiles) if (file !== sheet) pictures.set(relative(outdir, file.path), Buffer.from(file.contents));
      return { contents: sheet.contents, loader: 'file' };
    });
  },
});

const shared = (build, pictures = new Map()) => ({
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  splitting: true,
  format: 'esm',
  target: ['chrome110', 'firefox115', 'safari16.4'],
  publicPath: '/',
  chunkNames: 'assets/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.wasm': 'file', '.svg': 'file', '.png': 'file', '.woff2': 'file' },
  define: { __BUILD__: JSON.stringify(build) },
  logLevel: 'warning',
  plugins: [onlyBaseClient, icons, sheets(pictures)],
});

/** Outputs that an output needs at once: itself and its static imports. */
function closureOf(outputs, entry) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') visit(next);
  };
  visit(entry);
  return [...found];
}

/** Bundles pages and worker. @returns files by their path below dist/web, those that are needed at the start, and those of each part that is loaded later */
async function bundleAll(buildId) {
  const { build } = await import('esbuild');
  const pictures = new Map();
  const [page, worker, service] = await Promise.all([
    build({ ...shared(buildId, pictures), entryPoints: { app: WEB_ENTRIES.app }, entryNames: 'assets/[name]-[hash]' }),
    build({ ...shared(buildId), entryPoints: { worker: WEB_ENTRIES.worker }, entryNames: '[name]' }),
    // A service worker is one plain script: not all browsers take modules.
    build({ ...shared(buildId), entryPoints: { sw: WEB_ENTRIES.sw }, entryNames: '[name]', format: 'iife', splitting: false }),
  ]);
  const files = new Map(pictures);
  for (const { path, contents } of [...page.outputFiles, ...worker.outputFiles, ...service.outputFiles]) files.set(relative(out, path), Buffer.from(contents));
  const below = (path) => relative(out, join(root, path));
  const entryOf = ({ outputs }, entry) => Object.keys(outputs).find((path) => outputs[path].entryPoint === entry);
  const pageEntry = entryOf(page.metafile, WEB_ENTRIES.app);
  const css = page.metafile.outputs[pageEntry].cssBundle;
  const shell = closureOf(page.metafile.outputs, pageEntry).map(below);
  const workerFiles = closureOf(worker.metafile.outputs, entryOf(worker.metafile, WEB_ENTRIES.worker)).map(below);
  const homeFiles = new Set([pageEntry, entryOf(page.metafile, HOME)].flatMap((entry) => closureOf(page.metafile.outputs, entry)));
  const later = Object.entries(LATER).map(([name, source]) => [name, closureOf(page.metafile.outputs, entryOf(page.metafile, source)).filter((path) => !homeFiles.has(path)).map(below)]);
  const wasm = [...files.keys()].filter((path) => path.includes('simd') && path.endsWith('.wasm'));
  return { files, shell: [...shell, ...(css ? [below(css)] : [])], start: [...workerFiles, ...wasm], later };
}

/** Bundles the admin page. @returns as {@link bundleAll}, with paths below dist/web/admin */
async function bundleAdmin(buildId) {
  const { build } = await import('esbuild');
  const folder = join(out, 'admin');
  const page = await build({ ...shared(buildId), outdir: folder, publicPath: '/admin/', entryPoints: { admin: WEB_ENTRIES.admin }, entryNames: 'assets/[name]-[hash]' });
  const below = (path) => relative(folder, join(root, path));
  const entry = Object.keys(page.metafile.outputs).find((path) => page.metafile.outputs[path].entryPoint === WEB_ENTRIES.admin);
  const css = page.metafile.outputs[entry].cssBundle;
  return {
    files: new Map(page.outputFiles.map(({ path, contents }) => [relative(folder, path), Buffer.from(contents)])),
    shell: [...closureOf(page.metafile.outputs, entry).map(below), ...(css ? [below(css)] : [])],
  };
}

/** Stands in the page for a script that runs before all others. */
const OLD_BROWSERS = '<!-- old browsers -->';

/** Writes the page that loads a bundle. @param base the path below which it is served */
function writeIndex({ files, shell }, folder = source, base = '/') {
  const template = readFileSync(join(folder, 'index.html'), 'utf8');
  const [script] = shell.filter((path) => path.endsWith('.js'));
  const tags = [
    ...shell.filter((path) => path.endsWith('.css')).map((path) => `<link rel="stylesheet" href="${base}${path}">`),
    ...shell.filter((path) => path.endsWith('.js') && path !== script).map((path) => `<link rel="modulepreload" href="${base}${path}">`),
    `<script type="module" src="${base}${script}"></script>`,
  ];
  const sign = readFileSync(join(source, 'sign.svg'));
  const signPath = `assets/sign-${createHash('sha256').update(sign).digest('hex').slice(0, 8)}.svg`;
  files.set(signPath, sign);
  const filled = template.replace('<!-- sign -->', `${base}${signPath}`).replace('<!-- assets -->', tags.join('\n    '));
  files.set('index.html', Buffer.from(filled.includes(OLD_BROWSERS) ? filled.replace(OLD_BROWSERS, `<script defer src="${base}${addOldBrowsers(files)}"></script>`) : filled));
}

/** Adds the script that speaks to browsers which cannot read the others, as it is. @returns its path below dist/web */
function addOldBrowsers(files) {
  const script = readFileSync(join(source, 'old-browser.js'));
  const path = `assets/old-browser-${createHash('sha256').update(script).digest('hex').slice(0, 8)}.js`;
  files.set(path, script);
  return path;
}

function checkBounds({ files, shell, start, later }, admin) {
  const size = (paths) => paths.reduce((sum, path) => sum + gzip(files.get(path)).length, 0);
  const first = [...shell, 'index.html', ...[...files.keys()].filter((path) => path.startsWith('assets/old-browser-'))];
  const sizes = { shell: size(first), beforeLogIn: size([...first, ...start]), admin: admin.shell.reduce((sum, path) => sum + gzip(admin.files.get(path)).length, 0) };
  for (const [name, paths] of later) sizes[name] = size(paths);
  for (const [name, bound] of Object.entries(BOUNDS)) {
    if (sizes[name] > bound) throw new Error(`the web client is too large (${name}): ${sizes[name]} bytes after gzip, ${bound} at most`);
  }
  return sizes;
}

function compress(files) {
  for (const [path, contents] of Array.from(files)) {
    if (!COMPRESSED.has(extname(path))) continue;
    files.set(`${path}.gz`, gzip(contents));
    files.set(`${path}.br`, brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length } }));
  }
}

/** Writes all files beside the old ones, and changes both folders at once. */
function replaceFolder(files) {
  const fresh = `${out}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  for (const [path, contents] of files) {
    mkdirSync(dirname(join(fresh, path)), { recursive: true });
    writeFileSync(join(fresh, path), contents);
  }
  const old = `${out}.old.${process.pid}`;
  try {
    renameSync(out, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  renameSync(fresh, out);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Builds the web client.
 * @param fingerprint of its sources; the build is named after it
 * @returns sizes after gzip, in bytes
 */
export async function buildWeb(fingerprint) {
  const buildId = createHash('sha256').update(fingerprint).digest('hex').slice(0, 12);
  const [bundled, admin] = await Promise.all([bundleAll(buildId), bundleAdmin(buildId)]);
  const { files } = bundled;
  writeIndex(bundled);
  writeIndex(admin, adminSource, '/admin/');
  files.set('manifest.webmanifest', readFileSync(join(source, 'manifest.webmanifest')));
  for (const [name, png] of await drawWebIcons(join(source, 'sign.svg'))) files.set(name, png);
  const sizes = checkBounds(bundled, admin);
  for (const [path, contents] of admin.files) files.set(`admin/${path}`, contents);
  compress(files);
  files.set('build.txt', Buffer.from(buildId));
  replaceFolder(files);
  return sizes;
}
