import { getSystemErrorMap } from 'node:util';

/** An error whose message tells the operator of the server what is wrong and what to do; its stack adds nothing. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

/** What the operator can change: owner, rights or kind of a file. */
const FILE_FAULTS = new Set(['EACCES', 'EPERM', 'EROFS', 'ELOOP', 'EISDIR', 'ENOTDIR']);

/** Names the file that the system does not let the program use, and why; returns other errors unchanged. */
export function explainFileFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperatorError) return error;
  const { code = '', path, errno = 0 } = error as NodeJS.ErrnoException;
  if (path === undefined || !FILE_FAULTS.has(code)) return error;
  const [, reason = code] = getSystemErrorMap().get(errno) ?? [];
  const hint = code === 'EACCES' || code === 'EPERM' ? `; the user that runs this program (${process.getuid?.() ?? '?'}) must own it, or be allowed to use it` : '';
  return new OperatorError(`${path} cannot be used: ${reason}${hint}`, { cause: error });
}
