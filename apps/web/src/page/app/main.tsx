import { render } from 'preact';
import '../../styles/start.css';
import { App } from './app.tsx';
import { startAppearance } from '../ground/appearance.ts';
import { loadHome, loadHomeEarly } from './home-loader.ts';
import { connectWorker } from '../ground/link.ts';
import { takeLogInLink } from '../log-in/log-in-link.ts';

/** A script before this one has found that the browser is too old, and says so. */
const isTooOld = document.documentElement.dataset['old'] !== undefined;
const takeLink = (): void => takeLogInLink(() => void loadHome());
if (!isTooOld) {
  takeLink();
  addEventListener('hashchange', takeLink);
  startAppearance();
  connectWorker();
  loadHomeEarly();
  render(<App />, document.getElementById('app')!);
}
