import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readToolkit, type ToolkitExperiment } from '../../../src/chaos/toolkit/read.ts';
import { readForeignText } from '../../../src/config/foreign.ts';
import { formatProblem } from '../../../src/config/problems.ts';

const folder = join(import.meta.dirname, '../../fixtures/toolkit');
export const fixture = (name: string): string => readFileSync(join(folder, name), 'utf8');

const environment: Readonly<Record<string, string>> = { PRESENT: '7', TOKEN: 's3cr3t/token' };

export function readText(text: string) {
  return readToolkit(readForeignText(text, 'experiment.yaml'), {
    target: 'local',
    components: ['gateway', 'matcher'],
    env: (name) => environment[name],
  });
}

export function experimentIn(text: string): ToolkitExperiment {
  const read = readText(text);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  return read.experiment;
}

export function problemsIn(text: string): readonly string[] {
  const read = readText(text);
  return read.ok ? [] : read.problems.map(formatProblem);
}

/** An experiment with these probes and this method, each in one line of YAML. */
export function written(parts: {
  head?: string;
  probes?: readonly string[];
  method?: readonly string[];
  rollbacks?: readonly string[];
}): string {
  const list = (items: readonly string[] = []) => `[${items.map((item) => `\n  ${item}`).join(',')}]`;
  return [
    'title: an experiment',
    'description: made for a test',
    parts.head ?? '',
    ...(parts.probes ? [`steady-state-hypothesis: { title: steady, probes: ${list(parts.probes)} }`] : []),
    `method: ${list(parts.method)}`,
    `rollbacks: ${list(parts.rollbacks)}`,
  ].join('\n');
}
