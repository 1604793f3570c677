import { runBackupWorker } from '@aerogram/node';

// The process that makes a scheduled backup; the server forks it.
runBackupWorker();
