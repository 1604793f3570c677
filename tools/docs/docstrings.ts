import { parseSync } from 'oxc-parser';

/** Sources whose docstrings are checked; tests and the bench are not. */
export const DOCUMENTED = /^(?:(?:packages|apps)\/[^/]+\/src|tools)\/(?!.*\/generated\/).*\.(?:ts|mjs)$/;

const DECLARED = /^(\s*)(?:export )?const\b/;
/** The ends of blocks, statements that cannot have a docstring, and other comments. A comment that switches a rule of the linter off belongs to the line below. */
const NOTHING = /^(?:[)\]}]|\/\/(?! oxlint)|\/\*|import\b|$)/;

/**
 * Finds docstrings of which a reader cannot say what they are about: those over nothing, and those over two constants, where a constant without a docstring
 * stands in the line after the first one.
 * @returns one line for each mistake
 */
export function checkDocstrings(path: string, text: string): string[] {
  const lines = text.split('\n');
  return parseSync(path, text).comments.flatMap(({ type, value, start, end }) => {
    if (type !== 'Block' || !value.startsWith('*') || /^[^\n]*\S/.test(text.slice(end)) || /@typedef\b/.test(value)) return [];
    const problem = judge(lines, text.slice(0, end).split('\n').length);
    return problem === undefined ? [] : [`${path}:${text.slice(0, start).split('\n').length}: ${problem}`];
  });
}

/** What is wrong with a docstring. @param below index of the line below the docstring */
function judge(lines: readonly string[], below: number): string | undefined {
  const line = lines[below] ?? '';
  if (NOTHING.test(line.trim())) return 'a docstring stands over nothing; if it is about the file, write // lines';
  const next = DECLARED.exec(lines[below + 1] ?? '');
  const isOver2 = line.endsWith(';') && next !== null && DECLARED.exec(line)?.[1] === next[1];
  return isOver2 ? 'a docstring stands over two constants; give each its own, or put an empty line between them' : undefined;
}
