import type { CodeDelivery } from '@aerogram/domain';

const TIMEOUT_MS = 10_000;

/**
 * Posts codes to a gateway for SMS and calls: `{ "phone": "+15550001111", "code": "12345", "way": "sms" }`. Any response except 2xx, or
 * none within 10 seconds, is a failure. Its error contains neither number nor code.
 * @param options `ways`: what the gateway can do; `token`: sent as a bearer token
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
      // A code for the account's devices needs no gateway.
      if (way === 'app') return;
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ phone: `+${phone}`, code, way }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((error: unknown) => {
        throw new Error(`the code gateway was not reached: ${reasonOf(error)}`);
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the code gateway answered ${answer.status}`);
    },
  };
}

/** The reason of a failed request, without its address: `TimeoutError`, `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
