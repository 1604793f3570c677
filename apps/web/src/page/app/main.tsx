import { render } from 'preact';
import '../../styles/start.css';
import { App } from './app.tsx';
import { startAppearance } from './appearance.ts';
import { loadHomeEarly } from './home-loader.ts';
import { connectWorker } from './link.ts';
import { takeLogInLink } from './log-in-link.ts';

takeLogInLink();
addEventListener('hashchange', takeLogInLink);
startAppearance();
connectWorker();
loadHomeEarly();
render(<App />, document.getElementById('app')!);
