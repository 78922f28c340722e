import { type ForeignFile, type Found, loadForeignFile } from '../../config/foreign.ts';
import type { Problem } from '../../config/model.ts';
import { didYouMean } from '../../config/suggest.ts';
import type { Files } from '../../platform/files.ts';
import { type Activity, readActivity, refuseControls } from './activity.ts';
import { Form } from './form.ts';
import type { Reading } from './reading.ts';
import { asText } from './substitute.ts';
import { type Variables, variablesIn } from './variables.ts';

/** An experiment of Chaos Toolkit, read in full: everything it asks for can be done here. */
export interface ToolkitExperiment {
  title: string;
  /** Undefined: it has no steady-state hypothesis. */
  hypothesis: { title: string; probes: readonly Activity[] } | undefined;
  method: readonly Activity[];
  rollbacks: readonly Activity[];
  /** As it is written, for the journal; may hold secrets. */
  written: unknown;
  /** Texts that must never be shown. */
  secrets: readonly string[];
}

export type ToolkitRead = { ok: true; experiment: ToolkitExperiment } | { ok: false; problems: Problem[] };

/** Reads an experiment file, JSON or YAML. All problems come at once, each with its place. */
export async function loadToolkit(
  path: string,
  files: Pick<Files, 'size' | 'readBytes'>,
  reading: Reading,
): Promise<ToolkitRead> {
  return readToolkit(await loadForeignFile(path, files), reading);
}

export function readToolkit(file: ForeignFile, reading: Reading): ToolkitRead {
  if (!file.ok) return file;
  const found: Found[] = [];
  const bare = new Form(file.tree, { path: [], found, values: new Map() });
  const experiment = readExperiment(bare, reading);
  return found.length === 0 && experiment
    ? { ok: true, experiment }
    : { ok: false, problems: file.placed(found) };
}

function readExperiment(bare: Form, reading: Reading): ToolkitExperiment | undefined {
  if (!bare.isMapping) return bare.refuse('an experiment has to be a mapping');
  const variables = variablesIn(bare, reading.env);
  const root = bare.with(variables.values);
  refuseControls(root);
  const title = root.needText('title');
  root.needText('description');
  if (!root.at('method'))
    root.refuse('method is missing', 'a list of actions and probes, which may be empty');
  return title === undefined ? undefined : { title, ...partsOf(root, variables, reading) };
}

function partsOf(root: Form, { secrets }: Variables, reading: Reading): Omit<ToolkitExperiment, 'title'> {
  const hypothesis = root.mapping('steady-state-hypothesis');
  const lists = {
    probes: hypothesis?.list('probes') ?? [],
    method: root.list('method'),
    rollbacks: root.list('rollbacks'),
  };
  const named = new Map([...lists.probes, ...lists.method, ...lists.rollbacks].flatMap(byName));
  const read = (forms: readonly Form[]) =>
    forms.flatMap((form) => readOrRefer(form, { named, reading }) ?? []);
  for (const probe of lists.probes) needTolerance(probe, named);
  return {
    hypothesis: hypothesis && { title: titleOf(hypothesis), probes: read(lists.probes) },
    method: read(lists.method),
    rollbacks: read(lists.rollbacks),
    written: root.value,
    secrets,
  };
}

function titleOf(hypothesis: Form): string {
  refuseControls(hypothesis);
  return asText(hypothesis.needText('title') ?? '');
}

function byName(form: Form): readonly (readonly [string, Form])[] {
  const name = form.isMapping ? form.at('name')?.value : undefined;
  return typeof name === 'string' ? [[name, form]] : [];
}

interface Among {
  named: ReadonlyMap<string, Form>;
  reading: Reading;
}

/** An activity, or the one that a `ref` names; that one's own problems are told where it stands. */
function readOrRefer(form: Form, { named, reading }: Among): Activity | undefined {
  const ref = form.isMapping ? form.at('ref') : undefined;
  if (!ref) return readActivity(form, reading);
  const other = typeof ref.value === 'string' ? named.get(ref.value) : undefined;
  if (other) return readActivity(other, reading);
  const names = [...named.keys()];
  return ref.refuse(
    `there is no activity of that name${didYouMean(String(ref.value), names)}`,
    names.join(', '),
  );
}

function needTolerance(form: Form, named: ReadonlyMap<string, Form>): void {
  const ref = form.isMapping ? form.at('ref')?.value : undefined;
  const probe = typeof ref === 'string' ? named.get(ref) : form;
  if (probe?.isMapping && !probe.at('tolerance')) {
    form.refuse(
      'a probe of the hypothesis needs a tolerance',
      'a value, a list, or regex, jsonpath, range, probe',
    );
  }
}
