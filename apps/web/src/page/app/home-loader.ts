import type { ComponentType } from 'preact';
import { effect } from '@preact/signals';
import { forgetAllUnsaved } from '../composer/unsaved-drafts.ts';
import { session } from './link.ts';

/** Says that somebody was logged in here when the page was open last. */
const KEY = 'aerogram-was-in';

let loading: Promise<{ Home: ComponentType }> | undefined;

/** Loads what only somebody who is logged in needs. */
export const loadHome = (): Promise<{ Home: ComponentType }> => (loading ??= import('./home.tsx'));

/** Loads it while the worker starts, or while a code is typed: soon it will be needed. */
export function loadHomeEarly(): void {
  if (localStorage.getItem(KEY) !== null) void loadHome();
  effect(() => {
    const { stage, logIn } = session.value;
    if (stage === 'ready') localStorage.setItem(KEY, '');
    else if (stage === 'logIn') {
      localStorage.removeItem(KEY);
      forgetAllUnsaved();
    }
    if (logIn?.step === 'code') void loadHome();
  });
}
