import type { tl } from '@aerogram/tl';

import type { Invoke } from './bot-call.ts';

/** Wraps what calls methods for one request, so that the server looks up each username once, however many parts of the request need it. */
export function rememberNames(invoke: Invoke): Invoke {
  let answers: Map<string, ReturnType<Invoke>> | undefined;
  const invokeOnce = (request: tl.AnyMethod): Promise<unknown> => {
    if (request._ !== 'contacts.resolveUsername') return invoke(request);
    const name = request.username.toLowerCase();
    let answer = answers?.get(name);
    if (answer === undefined) {
      answer = invoke(request);
      (answers ??= new Map()).set(name, answer);
    }
    return answer;
  };
  return invokeOnce;
}
