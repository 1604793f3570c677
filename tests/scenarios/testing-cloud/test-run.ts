// Plays a test run that uses a cloud. Arguments: the folder of the template, and `waits` or `forgets` (it then ends without stopping the cloud).
import { startCloud } from '@aerogram/testing';

const [cacheDir, what] = process.argv.slice(2);
const cloud = await startCloud({ cacheDir });
const bot = await cloud.bot();
await cloud.person('Ann');
console.log(JSON.stringify({ pid: cloud.pid, apiRoot: cloud.apiRoot, controlUrl: cloud.controlUrl, token: bot.token }));
if (what === 'waits') setInterval(() => {}, 60_000);
