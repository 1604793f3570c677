import { render } from 'preact';
import '../../styles/all.css';
import { App } from './app.tsx';
import { connectWorker } from './link.ts';

connectWorker();
render(<App />, document.getElementById('app')!);
