import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PrivacyKey, PrivacyRule, PrivacyRules } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';

/** The rules, as far as they were loaded. */
const rules = signal<PrivacyRules | undefined>(undefined);

/** The rules, loaded anew when a page about privacy is opened: another device may have changed them. */
export function useRules(): PrivacyRules | undefined {
  useEffect(() => {
    const asked = ask('privacy.list', undefined);
    asked.then((found) => (rules.value = found), () => undefined);
    void attempt(asked);
  }, []);
  return rules.value;
}

/** Sets a rule. A refusal is told. @returns whether it was done */
export async function setRule(key: PrivacyKey, rule: PrivacyRule): Promise<boolean> {
  const asked = ask('privacy.set', { key, rule });
  if (!(await attempt(asked))) return false;
  const set = await asked;
  if (rules.value) rules.value = { ...rules.value, [key]: set };
  return true;
}
