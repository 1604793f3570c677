/** Scripts that run beside the page. Their addresses have no hash: the browser must find the same ones after an upgrade. */
type Script = '/worker.js' | '/sw.js';

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

const SCRIPTS: ReadonlySet<string> = new Set<Script>(['/worker.js', '/sw.js']);

const policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy('aerogram', {
  createScriptURL: (url) => {
    if (!SCRIPTS.has(url)) throw new TypeError('no script of this client');
    return url;
  },
});

/** The address of a script, in the form that the page's security policy asks for. */
export const scriptAddress = (path: Script): string => (policy?.createScriptURL(path) ?? path) as string;
