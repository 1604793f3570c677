import type { z } from 'zod';
import type { Operation } from '../define-operation.ts';
import { ControlError } from './control-error.ts';

/** Mistakes that a message names; the others are mostly consequences of the first. */
const ISSUES_NAMED = 3;
/** The longest description of one mistake, in characters: it may repeat names that the caller chose. */
const ISSUE_LENGTH_MAX = 300;

/** Names the fields that are wrong: `people.send: text: Invalid input: expected string, received number`. */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const texts = issues.slice(0, ISSUES_NAMED).map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`).slice(0, ISSUE_LENGTH_MAX));
  return texts.join('; ');
}

/** Checks what was sent for an operation. @throws ControlError `invalid` that names the fields that are wrong */
export function readParams({ name, params }: Operation, body: unknown): unknown {
  const parsed = params.safeParse(body);
  if (!parsed.success) throw new ControlError('invalid', `${name}: ${describeIssues(parsed.error.issues)}`);
  return parsed.data;
}

/** Keeps of a result what is documented. @throws Error when it has another form, which is a fault of the operation */
export function shapeResult({ name, result }: Operation, value: unknown): unknown {
  const parsed = result.safeParse(value);
  if (!parsed.success) throw new Error(`the result of ${name} is not what its definition says: ${describeIssues(parsed.error.issues)}`);
  return parsed.data;
}
