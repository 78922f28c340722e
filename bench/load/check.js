/** One load check of the stage smoke, in a process of its own; prints what it measured and what CPU time it took. */
import { systemPlatform } from '../../src/platform/platform.ts';
import { urlAim } from '../../src/smoke/aim.ts';
import { runSmoke } from '../../src/smoke/run.ts';
import { checksFrom } from '../../src/smoke/schema.ts';
import { startMeter } from '../../src/traffic/meter.ts';

const [origin, load] = process.argv.slice(2);
const checks = checksFrom([{ name: 'load', load: JSON.parse(load), on: 'both' }]);
const request = {
  checks,
  aim: urlAim(origin),
  platform: systemPlatform(() => {}),
  startMeter,
  folder: process.cwd(),
  secrets: [],
};
// The start of Node and the loading of our code are not the check's; hey and wrk have next to none.
const before = process.cpuUsage();
const { evidence } = await runSmoke(request);
const { user, system } = process.cpuUsage(before);
const { meter, detail } = evidence.checks[0];
if (meter === undefined) throw new Error(`nothing was measured: ${detail}`);
const { answered, failed, durationMs, latency, lateSends } = meter;
console.log(
  JSON.stringify({ answered, failed, durationMs, latency, lateSends, cpuMs: (user + system) / 1_000 }),
);
process.exit(0);
