import { runWorker } from '@aerogram/node';

// One of the processes that serve; the supervisor in main.ts forks it.
runWorker();
