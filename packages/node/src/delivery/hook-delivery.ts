import type { CodeDelivery } from '@aerogram/domain';

const TIMEOUT_MS = 10_000;

/**
 * Posts codes to a gateway of the telephone network: `{ "phone": "+15550001111", "code": "12345", "way": "sms" }`.
 * Any answer but 2xx fails the call that wanted the code, and the client tries again.
 * @param options `ways`: what the gateway can do; `token`: shown as a bearer token
 */
export function createHookDelivery(options: {
  url: string;
  token: string | undefined;
  ways: CodeDelivery['ways'];
}): Pick<CodeDelivery, 'ways' | 'deliver'> {
  const { url, token, ways } = options;
  return {
    ways,
    async deliver({ phone, code, way }) {
      // What goes to the account's devices costs nothing and is nobody else's business.
      if (way === 'app') return;
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ phone: `+${phone}`, code, way }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the code gateway answered ${answer.status}`);
    },
  };
}
