// Entry point of `npm run codegen`: writes all generated files, or with --check reports outdated ones.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emitFlatTypes, emitTypes } from './emit-types.ts';
import { emitCodecs, emitFlatCodec, emitMethods } from './emit-tables.ts';
import { emitLayers, emitOldForms, emitOldReaders, emitOldWriters } from './compat/emit-old-forms.ts';
import { planCompat } from './compat/plan.ts';
import { emitUpdateKinds } from './emit-updates.ts';
import { indexSchema, numberTypes, type Schema } from './model.ts';
import { parseSchema } from './parse-schema.ts';

/** Layers in packages/schema, newest first. */
export const LAYERS = [229, 228, 227, 225, 224, 223, 221, 220, 218, 216, 214, 204, 198, 193, 189, 185, 184, 181, 152, 144];

/** The generated files by their path in the repository. */
export function generate(root: string): Map<string, string> {
  const load = (file: string) => parseSchema(readFileSync(join(root, 'packages/schema', file), 'utf8'));
  const newest: Schema = indexSchema(LAYERS[0]!, load(`api-${LAYERS[0]}.tl`));
  const service = indexSchema(0, load('mtproto.tl'));
  const types = numberTypes([...newest.types.keys()].filter((t) => t !== 'Bool'));
  const files = new Map<string, string>();
  const put = (dir: string, part: Map<string, string>) => part.forEach((text, path) => files.set(`${dir}/${path}`, text));
  put('packages/tl/src/generated', emitTypes(newest));
  put('packages/tl/src/generated', emitCodecs(newest, types));
  files.set('packages/tl/src/generated/methods.ts', emitMethods(newest));
  files.set('packages/tl/src/generated/update-kinds.ts', emitUpdateKinds(newest));
  files.set('packages/tl/src/generated/mt-types.ts', emitFlatTypes(service, 'mt'));
  files.set('packages/tl/src/generated/mt-codec.ts', emitFlatCodec(service, numberTypes(service.types.keys()), 'mt'));
  const older = LAYERS.slice(1).map((layer) => indexSchema(layer, load(`api-${layer}.tl`)));
  const plan = planCompat(newest, older, { lowerings: registered(root, 'lowerings'), fields: registered(root, 'fields'), lifts: registered(root, 'lifts') });
  const compat = 'packages/tl-compat/src/generated';
  files.set(`${compat}/old-forms.ts`, emitOldForms(newest, plan));
  files.set(`${compat}/old-writers.ts`, emitOldWriters(newest, plan));
  files.set(`${compat}/old-readers.ts`, emitOldReaders(newest, plan, types));
  files.set(`${compat}/layers.ts`, emitLayers(plan));
  return files;
}

/** Keys of the forms and fields for which packages/tl-compat has a hand-written converter. */
function registered(root: string, list: 'lowerings' | 'fields' | 'lifts'): ReadonlySet<string> {
  const file = join(root, `packages/tl-compat/src/converters/${list}.ts`);
  if (!existsSync(file)) return new Set();
  return new Set([...readFileSync(file, 'utf8').matchAll(/^ {2}'([\w.]+#[0-9a-f]{8}(?:\.\w+)?)':/gm)].map((match) => match[1]!));
}

/**
 * Writes the generated files, or with `--check` only compares them with what would be written.
 * @returns the exit code: 1 if the check found a file that is outdated or no longer generated
 */
export function run(root: string, args: string[]): number {
  const files = generate(root);
  const dirs = ['packages/tl/src/generated', 'packages/tl-compat/src/generated'];
  const present = dirs.flatMap((dir) => (existsSync(join(root, dir)) ? readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' }) : [])
    .filter((f) => f.endsWith('.ts')).map((f) => `${dir}/${f.replaceAll('\\', '/')}`));
  const extra = present.filter((path) => !files.has(path));
  const stale = [...files].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
  if (args.includes('--check')) {
    for (const path of [...stale.map(([p]) => p), ...extra]) process.stderr.write(`stale: ${path}; run npm run codegen\n`);
    return stale.length + extra.length > 0 ? 1 : 0;
  }
  for (const path of extra) rmSync(join(root, path));
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  process.stdout.write(`codegen: ${files.size} files, ${stale.length} written, ${extra.length} removed\n`);
  return 0;
}
