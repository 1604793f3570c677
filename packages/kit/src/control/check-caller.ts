import type { IncomingMessage } from 'node:http';
import { bearerSecret, isSameSecret, namesLoopback } from '@aerogram/runtime';
import { ControlError } from './control-error.ts';

/**
 * Checks that a request comes from a program of this machine that was given the secret. Pages in a browser are refused whatever they send: by
 * `Host` if their own domain leads to this machine, and by `Origin` otherwise.
 * @throws ControlError `unauthorized`: 403 for pages, 401 for the secret
 */
export function checkCaller(request: IncomingMessage, secret: string): void {
  if (!namesLoopback(request)) throw new ControlError('unauthorized', 'The control API is reached by a loopback address only, such as 127.0.0.1.', { status: 403 });
  if (request.headers.origin !== undefined) throw new ControlError('unauthorized', 'Web pages may not use the control API.', { status: 403 });
  const given = bearerSecret(request);
  if (given === undefined) throw new ControlError('unauthorized', 'The header "Authorization: Bearer <secret>" is missing.');
  if (!isSameSecret(given, secret)) throw new ControlError('unauthorized', 'The secret in the header "Authorization" is wrong.');
}
