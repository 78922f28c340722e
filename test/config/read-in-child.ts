/** Run by the hostile-file test in a process of its own with little memory: prints the problems of each file as JSON. */
import { loadReleaseFile } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problems.ts';
import { systemFiles } from '../../src/platform/files.ts';

const big = 'v'.repeat(100_000);
for (const path of process.argv.slice(2)) {
  globalThis.gc?.();
  const read = await loadReleaseFile({
    path,
    files: systemFiles,
    env: (name) => (name === 'BIG' ? big : undefined),
  });
  const problems = read.ok ? [] : read.problems.map(formatProblem);
  console.log(JSON.stringify({ ok: read.ok, problems, rssMiB: process.memoryUsage.rss() >> 20 }));
}
