import { runWorker } from '@aerogram/node';
import { keepHeapRoom } from '@aerogram/runtime';

// One of the processes that serve; the supervisor in main.ts forks it.
keepHeapRoom();
runWorker();
