import type { ComponentType, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { LogIn } from '../log-in/log-in.tsx';
import { t } from '../ground/text.ts';
import { loadHome } from './home-loader.ts';
import { session } from '../ground/link.ts';
import { isEntering } from '../log-in/log-in-link.ts';
import { takeOver } from '../ground/tabs.ts';

/** What is needed only by somebody who is logged in is loaded then. */
const Home: FunctionComponent<{ isFresh: boolean }> = ({ isFresh }) => {
  const loaded = useSignal<{ View: ComponentType } | undefined>(undefined);
  useEffect(() => {
    void loadHome().then(({ Home: View }) => (loaded.value = { View }));
  }, []);
  useEffect(() => {
    // The field of the code is gone, and the focus with it.
    if (isFresh && loaded.value && document.activeElement === document.body) document.querySelector<HTMLElement>('.side-panel h1')?.focus();
  }, [loaded.value]);
  return loaded.value ? <loaded.value.View /> : <Splash />;
};

const Splash: FunctionComponent = () => (
  <main class="splash" aria-busy="true">
    <p>{t('loading')}</p>
  </main>
);

/** The whole page. */
export const App: FunctionComponent = () => {
  const wasOut = useRef(false);
  if (session.value.stage === 'logIn') wasOut.current = true;
  switch (session.value.stage) {
    case 'starting':
      return <Splash />;
    case 'logIn':
      return isEntering.value ? <Splash /> : <LogIn />;
    case 'ready':
      return <Home isFresh={wasOut.current} />;
    case 'elsewhere':
      return (
        <main class="splash">
          <h1>{t('elsewhereTitle')}</h1>
          <p>{t('elsewhereText')}</p>
          <button class="button" type="button" onClick={takeOver}>
            {t('elsewhereHere')}
          </button>
        </main>
      );
  }
};
