import { adminCommands } from '@aerogram/cli/admin-commands';
import { runWorker } from '@aerogram/node';
import { keepHeapRoom } from '@aerogram/runtime';

// One of the serving processes; the supervisor in main.ts forks it.
keepHeapRoom();
runWorker(adminCommands);
