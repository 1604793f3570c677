import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LONGEST_FILES } from './longest-files.ts';

/** Kinds of tests in the order in which they run: the kind with the longest files begins. */
const PROJECTS = ['scenario', 'interop', 'database', 'unit', 'fuzz', 'bench'];

/**
 * Sequencer of vitest: the longest files first, so that no worker is left alone with one of them at the end; the others follow by name. Files of one
 * project stay together, because only neighbours share a process. With `AEROGRAM_TEST_ORDER`, an integer or `random`, the files of each project come
 * in a random order, which finds tests that depend on what another file left behind in the process.
 */
export default class FileOrder extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const named = specs.map((spec) => ({ spec, file: relative(this.ctx.config.root, spec.moduleId), kind: kindOf(spec), project: spec.project.name }));
    const rankOf = createRank(process.env['AEROGRAM_TEST_ORDER']);
    return named
      .map((each) => ({ ...each, rank: rankOf(each.file) }))
      .sort((a, b) => a.kind - b.kind || compareTexts(a.project, b.project) || a.rank - b.rank || compareTexts(a.file, b.file))
      .map(({ spec }) => spec);
  }
}

function kindOf(spec: TestSpecification): number {
  return PROJECTS.findIndex((name) => spec.project.name.startsWith(name));
}

/** @param order seed of a random order, or undefined for the longest files first. @returns the place of a file */
function createRank(order: string | undefined): (file: string) => number {
  if (order === undefined) {
    const places = new Map(LONGEST_FILES.map((file, place) => [file, place]));
    return (file) => places.get(file) ?? LONGEST_FILES.length;
  }
  const seed = order === 'random' ? Date.now() % 1_000_000 : Number(order);
  if (!Number.isInteger(seed)) throw new Error(`AEROGRAM_TEST_ORDER is "random" or an integer, not ${order}`);
  process.stdout.write(`order of test files: AEROGRAM_TEST_ORDER=${seed}\n`);
  return (file) => scatter(file, seed);
}

/** A number that looks random and depends on the text and the seed only (FNV-1a with a final mix). */
function scatter(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
