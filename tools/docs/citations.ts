import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** The contents of the repository that citations may refer to. */
export interface Known {
  /** Numbers of the rules in docs/rules.md, such as `P11`. */
  rules: ReadonlySet<string>;
  /** Paths of all files, from the root of the repository. */
  files: readonly string[];
  /** The names in the code of each source file, without comments. */
  namesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

const SOURCE = /\.(ts|mjs)$/;
const PAGE = /^(docs\/[^/]*|README|CONTRIBUTING|SECURITY|(packages|apps)\/[^/]+\/README)\.md$/;

const RULE = /\b(?:[Rr]ules?|RULES) ((?:[A-Z]?\d+(?:, | and | or |–)?)+)/g;
const FILE = /(?<![\w./:@*-])(?:[\w.-]+\/)*[\w*][\w.*-]*\.(?:ts|mjs|md|py)(?![\w/(-])/g;
const FOLDER = /`((?:packages|apps|tests|tools|docs|bench|examples)\/[\w./*-]*)`/g;
const CALL = /`(?:[\w$]+\.)*([\w$]+)\([^`]*\)`/g;
const LINK = /\]\((?!\w+:|#)([^)#\s]+)/g;

/** Files whose path ends with the cited one; `*` matches any name. A folder matches the files in it. */
function findFiles(files: readonly string[], cited: string): string[] {
  const source = cited.replace(/^(\.{1,2}\/)+|\/$/g, '').replace(/[.+$]/g, '\\$&').replaceAll('*', '[^/]*');
  const pattern = new RegExp(`(^|/)${source}(/|$)`);
  return files.filter((file) => pattern.test(file));
}

/** @returns which cited rules do not exist */
export function checkRules(line: string, { rules }: Known): string[] {
  return [...line.matchAll(RULE)]
    .flatMap(([, list]) => list!.match(/[A-Z]?\d+/g)!)
    .filter((rule) => !rules.has(rule))
    .map((rule) => `docs/rules.md has no rule ${rule}`);
}

/** Where a rule that is cited by its number also gets two words: code and pages. Titles of tests say it in their own words. */
const WORDED = /^(packages\/[\w-]+\/(src|testing)|apps\/[\w-]+\/src|docs)\//;

/** @returns which rules are cited by their number alone, so that a reader has to look them up to understand the sentence */
export function checkRuleWords(line: string): string[] {
  return [...line.matchAll(/\(rules? ([PS]\d+)\)/g)].map(([, rule]) => `say in two words what rule ${rule} is about, as in "(rule P11, one receiver)"`);
}

/**
 * Checks the files, folders, functions and links that a line of prose names. A function must exist somewhere in the code; in a table row
 * that names one source file, in that file.
 * @param dir folder of the file that contains the line
 * @returns what does not exist
 */
export function checkNames(line: string, dir: string, { files, namesOf }: Known): string[] {
  const problems: string[] = [];
  const cited = [...line.matchAll(FILE)].map(([file]) => file);
  for (const file of cited) if (findFiles(files, file).length === 0) problems.push(`there is no file ${file}`);
  for (const [, folder] of line.matchAll(FOLDER)) if (findFiles(files, folder!).length === 0) problems.push(`there is no ${folder}`);
  for (const [, target] of line.matchAll(LINK)) {
    const path = join(dir, target!).replace(/\/$/, '');
    if (!files.some((file) => file === path || file.startsWith(`${path}/`))) problems.push(`the link leads nowhere: ${target}`);
  }
  const only = line.startsWith('|') && cited.length === 1 ? findFiles(files, cited[0]!) : [];
  const places = only.some((file) => namesOf.has(file)) ? only : [...namesOf.keys()];
  for (const [, name] of line.matchAll(CALL)) {
    if (!places.some((file) => namesOf.get(file)?.has(name!))) problems.push(`there is no ${name}() in ${only.length === 1 ? only[0] : 'the code'}`);
  }
  return problems;
}

/** Splits a source into its comments, by line number from 0, and the names in its code. */
function readSource(path: string, text: string): { prose: [number, string][]; names: Set<string> } {
  let code = '';
  let end = 0;
  const prose: [number, string][] = [];
  for (const comment of parseSync(path, text).comments) {
    const first = text.slice(0, comment.start).split('\n').length - 1;
    comment.value.split('\n').forEach((line, index) => prose.push([first + index, line]));
    code += text.slice(end, comment.start);
    end = comment.end;
  }
  return { prose, names: new Set((code + text.slice(end)).match(/[A-Za-z_$][\w$]*/g)) };
}

/**
 * Checks what pages and comments cite: rules by number (also in test titles), files, folders, functions, links. Runs in the root of the
 * repository.
 * @returns one line for each mistake
 */
export function checkCitations(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  const files = listed.trim().split('\n').filter((file) => existsSync(file));
  const rules = [...readFileSync('docs/rules.md', 'utf8').matchAll(/^\*\*([PS]\d+)\./gm)].map(([, rule]) => rule!);
  const namesOf = new Map<string, Set<string>>();
  const known: Known = { rules: new Set(rules), files, namesOf };
  const texts = new Map<string, { lines: string[]; prose: [number, string][] }>();
  for (const path of files.filter((file) => SOURCE.test(file) || file.endsWith('.md'))) {
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n');
    let prose: [number, string][] = PAGE.test(path) ? [...lines.entries()] : [];
    if (SOURCE.test(path)) {
      const source = readSource(path, text);
      namesOf.set(path, source.names);
      prose = source.prose;
    }
    texts.set(path, { lines, prose });
  }
  return [...texts].flatMap(([path, { lines, prose }]) => {
    const at = (index: number) => (problem: string) => `${path}:${index + 1}: ${problem}`;
    return [
      ...lines.flatMap((line, index) => checkRules(line, known).map(at(index))),
      ...(WORDED.test(path) ? lines.flatMap((line, index) => checkRuleWords(line).map(at(index))) : []),
      ...prose.flatMap(([index, line]) => checkNames(line, dirname(path), known).map(at(index))),
    ];
  });
}
