import type { ComponentType } from 'preact';
import { effect } from '@preact/signals';
import { forgetAllUnsaved } from '../composer/unsaved-drafts.ts';
import { session } from '../ground/link.ts';
import sheet from '../../styles/home.css?address';

/** Says that somebody was logged in here when the page was open last. */
const KEY = 'aerogram-was-in';

let loading: Promise<{ Home: ComponentType }> | undefined;

function loadSheet(): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = sheet;
  // Without its styles the page can be used still.
  const loaded = new Promise<void>((resolve) => (link.onload = link.onerror = () => resolve()));
  document.head.append(link);
  return loaded;
}

/** Loads what only somebody who is logged in needs, and its styles. */
export const loadHome = (): Promise<{ Home: ComponentType }> => (loading ??= Promise.all([import('./home.tsx'), loadSheet()]).then(([home]) => home));

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
