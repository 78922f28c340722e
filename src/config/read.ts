import * as v from 'valibot';
import { conflicts } from './cross-field.ts';
import type { Component, Environment, Problem, ReleaseFile } from './model.ts';
import { type Found, problemsAt, quoted } from './problems.ts';
import { defaultEquals } from './schema/component.ts';
import { fileSchemaWith, type StageSections } from './schema/file.ts';
import { decodeFinding, type Finding } from './schema/finding.ts';
import type { Variables } from './substitute.ts';
import { grow, type Located, unresolved } from './tree.ts';
import { emptyFile, linesOf, parseYaml } from './yaml.ts';

export type ReadResult = { ok: true; file: ReleaseFile } | { ok: false; problems: Problem[] };

export interface ReadOptions extends Variables {
  /** Name of the file, for problems. */
  file: string;
  /** Absolute folder of the file. */
  folder: string;
  /** What the stages bring for their keys; a key without it is passed over and read as empty. */
  stages?: StageSections;
}

/** Bytes in a file, some hundred times what a large release file has. */
export const mostBytes = 1024 * 1024;

/** Reads the text of a release file. Never throws; all problems come at once, in the order of the file. */
export function readReleaseFile(text: string, options: ReadOptions): ReadResult {
  const problems = (found: readonly Found[]): ReadResult => ({
    ok: false,
    problems: problemsAt(options.file, found, linesOf(text)),
  });
  const unreadable = unreadableText(text);
  if (unreadable !== undefined) return problems([unreadable]);
  const parsed = parseYaml(text);
  if ('found' in parsed) return problems(parsed.found);
  const { tree, found, secrets } = grow(parsed.root, text, options);
  if (tree === undefined) return problems(found);
  if (tree.value === null) return problems([...found, emptyFile]);
  const checked = v.safeParse(schemaFor(options.stages), tree.value);
  const all = [
    ...found,
    ...schemaProblems(checked.issues ?? [], tree),
    ...crossProblems(tree, options.stages),
  ];
  if (!checked.success || all.length > 0) return problems(all);
  return { ok: true, file: deepFreeze(complete(checked.output, { ...options, secrets: [...secrets] })) };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\r(?!\n)/;

/** What no YAML text may hold. */
function unreadableText(text: string): Found | undefined {
  if (text.length > mostBytes) return tooLarge;
  const control = controlCharacter.exec(text);
  if (control === null) return undefined;
  const point = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  const message = `holds the control character U+${point}`;
  return { offset: control.index, path: [], message, allowed: 'text, with line ends LF or CRLF' };
}

export const tooLarge: Found = {
  offset: 0,
  path: [],
  message: 'the file is too large',
  // Written out: formatting it with a locale loads ICU, which costs every start 10 ms.
  allowed: 'at most 1,048,576 bytes',
};

function schemaProblems(issues: readonly v.BaseIssue<unknown>[], tree: Located): Found[] {
  return issues.flatMap((issue): Found[] => {
    const path = (issue.path ?? []).map((item) => String(item.key));
    const finding = decodeFinding(issue.message);
    // A missing key has its path, too, but no place of its own: it is told where its mapping begins.
    return told(path, finding, tree, issue.path?.at(-1)?.origin === 'key');
  });
}

const withoutStages = fileSchemaWith({});

const schemaFor = (stages: StageSections | undefined) => (stages ? fileSchemaWith(stages) : withoutStages);

function crossProblems(tree: Located, stages: StageSections = {}): Found[] {
  const ofStages = Object.values(stages).flatMap((stage) => stage.conflicts?.(tree) ?? []);
  return [...conflicts(tree), ...ofStages].flatMap(({ path, ...finding }) =>
    told(path, finding, tree, false),
  );
}

function told(
  path: readonly string[],
  { message, allowed }: Finding,
  tree: Located,
  isKey: boolean,
): Found[] {
  const { node, reached } = locate(tree, path);
  if (node.value === unresolved) return [];
  const key = isKey || !reached ? node.keyOffset : undefined;
  const given = isKey ? quoted(path.at(-1) ?? '') : shown(node);
  const found = {
    offset: key ?? node.offset,
    path,
    message: message.replace('{given}', () => given),
    allowed,
  };
  return [reached ? { ...found, given } : found];
}

/** The node at a path, or the deepest one on the way to it. */
function locate(tree: Located, path: readonly string[]): { node: Located; reached: boolean } {
  let node = tree;
  for (const key of path) {
    const child = node.children.get(key);
    if (child === undefined) return { node, reached: false };
    node = child;
  }
  return { node, reached: true };
}

function shown({ value, written }: Located): string {
  if (written !== undefined) return quoted(written);
  if (typeof value === 'string') return quoted(value);
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : String(value);
}

type Checked = v.InferOutput<typeof withoutStages>;

/** Fills in what one part of the file says about another. */
function complete(
  checked: Checked,
  { folder, secrets, ...variables }: ReadOptions & { secrets: readonly string[] },
): ReleaseFile {
  const { name, slo, cutover, validate, config, smoke, chaos } = checked;
  const components = named(checked.components, (component, key) =>
    completeComponent(component, key, variables),
  );
  const environments = named(
    checked.environments,
    (environment, key): Environment => ({ name: key, ...environment }),
  );
  const component = cutover.traffic.component ?? Object.keys(components)[0] ?? '';
  const path = cutover.traffic.path ?? components[component]?.health.http ?? '/';
  return {
    name,
    folder,
    components,
    environments,
    slo,
    cutover: { ...cutover, traffic: { ...cutover.traffic, component, path } },
    validate,
    config,
    smoke,
    chaos,
    secrets,
  };
}

type CheckedComponent = Checked['components'][string];

function completeComponent(checked: CheckedComponent, name: string, variables: Variables): Component {
  const { build, version, context, ...rest } = checked;
  return {
    name,
    ...rest,
    context: context ?? build?.context ?? '.',
    // The default `${release.version}` was not in the file, so nothing has filled it in yet.
    version: version && { ...version, equals: filledIn(version.equals, variables) },
  };
}

function filledIn(text: string, { release }: Variables): string {
  return text === defaultEquals && release ? release.version : text;
}

function named<A, B>(
  from: Readonly<Record<string, A>>,
  complete: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, complete(value, name)]));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
