import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Validation, validate } from '../../src/validate/engine.ts';
import type { Finding } from '../../src/validate/finding.ts';
import { readWorkspace } from '../../src/validate/read/index.ts';
import type { Rule } from '../../src/validate/rule.ts';
import type { Workspace } from '../../src/validate/workspace.ts';

/** Where the fixtures of rules are. */
export const fixtures = fileURLToPath(new URL('../fixtures/rules/', import.meta.url));

/** A line of expected.json. `message`: a part of the finding's message. */
export interface Expected {
  file: string;
  line: number;
  column: number;
  message?: string;
  path?: string;
  severity?: string;
}

/**
 * How a fixture is read; settings.json beside good/ and bad/, every key optional. `skips`: how many things bad/ has that
 * the rule has to leave out, with a reason.
 */
export interface FixtureSettings {
  kubernetesVersion?: string;
  environment?: string;
  mostBytes?: number;
  skips?: number;
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

export const hasFixtures = (id: string): boolean =>
  existsSync(join(fixtures, id, 'good')) &&
  existsSync(join(fixtures, id, 'bad')) &&
  existsSync(join(fixtures, id, 'expected.json'));

export const fixtureNames = (): string[] => (existsSync(fixtures) ? readdirSync(fixtures).sort() : []);

export const expectedOf = (id: string): Expected[] => json(join(fixtures, id, 'expected.json')) as Expected[];

export function settingsOf(id: string): FixtureSettings {
  const path = join(fixtures, id, 'settings.json');
  return existsSync(path) ? (json(path) as FixtureSettings) : {};
}

/** Runs one rule over one side of its fixture. */
export async function runOn(rule: Rule, side: 'good' | 'bad'): Promise<Validation> {
  const { kubernetesVersion, environment, mostBytes } = settingsOf(rule.id);
  const root = join(fixtures, rule.id, side);
  return validate(await readWorkspace({ root, kubernetesVersion, environment, mostBytes }), [rule]);
}

/** `k8s/gateway.yml:14:9 spec/replicas: …` */
export const lineOf = ({ file, line, column, path, message }: Finding): string =>
  `${file}:${line}:${column} ${path}: ${message}`;

/**
 * What was found beside what was expected, one line each, so that a failing test shows which of them differ. Lists are
 * equal exactly when the findings are the expected ones.
 */
export function compared(findings: readonly Finding[], expected: readonly Expected[]) {
  const rest = [...findings];
  const matched = expected.map((wanted) => {
    const at = rest.findIndex((finding) => matches(finding, wanted));
    const found = at === -1 ? undefined : rest.splice(at, 1)[0];
    const text = `${wanted.file}:${wanted.line}:${wanted.column} ${wanted.message ?? ''}`.trim();
    return { text, found: found !== undefined };
  });
  return {
    missing: matched.filter(({ found }) => !found).map(({ text }) => text),
    unexpected: rest.map(lineOf),
  };
}

const matches = (finding: Finding, wanted: Expected): boolean =>
  finding.file === wanted.file &&
  finding.line === wanted.line &&
  finding.column === wanted.column &&
  finding.message.includes(wanted.message ?? '') &&
  finding.path === (wanted.path ?? finding.path) &&
  finding.severity === (wanted.severity ?? finding.severity);

/** Why a finding has no place in a file; undefined when it has one. */
export function misplaced({ files }: Workspace, { rule, file, line, column }: Finding): string | undefined {
  const text = files.get(file)?.text;
  if (text === undefined) return `${rule}: ${file} was not read`;
  const lines = text.split('\n');
  const length = lines[line - 1]?.length;
  if (length === undefined) return `${rule}: ${file} has ${lines.length} lines, not ${line}`;
  return column >= 1 && column <= length + 1 ? undefined : `${rule}: ${file}:${line} has no column ${column}`;
}
