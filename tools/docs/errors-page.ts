import { ERROR_CODES } from '@aerogram/errors';
import { renderPage } from './markdown.ts';

/** docs/errors.md: every error that an RPC may answer, by code. */
export function renderErrorsPage(): string {
  const byCode = new Map<number, string[]>();
  for (const [name, code] of Object.entries(ERROR_CODES)) byCode.set(code, [...(byCode.get(code) ?? []), `\`${name}\``]);
  const parts = [...byCode].sort(([a], [b]) => a - b).map(([code, names]) => `## ${code}\n\n${names.join(', ')}`);
  return renderPage('Errors', 'packages/errors/src/catalogue.gen.ts', [
    '`%d` stands for a number: seconds to wait, a DC, a file part. ' +
      'Mistakes of a client are answered with 4xx, because clients repeat what was answered with 500 for a minute or more.',
    ...parts,
  ]);
}
