import { type Application, applications, filled } from './applications.ts';
import { type Area, areas } from './bases.ts';
import { type Defect, removed, type Settings } from './defect.ts';
import { defects } from './defects/index.ts';
import { type Expectation, seeded, unmarked } from './marks.ts';
import { isRewriting, type Style, styled, styles } from './styles.ts';

/** One workspace of the corpus, and all that has to be found in it. */
export interface Workspace {
  name: string;
  defects: readonly string[];
  settings: Settings;
  files: Readonly<Record<string, string>>;
  expected: readonly Expectation[];
}

/** Each defect is put into this many workspaces, of different applications and in different styles. */
const rounds = 2;
/** Defects in one workspace at most. */
const most = 3;
const seed = 20_260_301;

interface Plan {
  area: Area;
  app: Application;
  style: Style;
  files: Record<string, string>;
  defects: Defect[];
}

/** The corpus: the same for each call. Workspaces without a defect come first. */
export function corpus(): readonly Workspace[] {
  const random = seeded(seed);
  const plans = [
    ...cleanPlans(),
    ...Array.from({ length: rounds }, (_, round) => round).flatMap((round) => plansOf(round, random)),
  ];
  return plans.map((plan, index) => workspaceOf(plan, index));
}

function cleanPlans(): Plan[] {
  return Object.keys(areas).flatMap((area, at) =>
    applications
      .slice(0, 2)
      .map((_, index) =>
        emptyPlan(area as Area, applicationAt(at + index * 3), styleAt(area as Area, at * 2 + index)),
      ),
  );
}

const applicationAt = (index: number): Application => {
  const app = applications[index % applications.length];
  if (!app) throw new Error('no applications');
  return app;
};

function styleAt(area: Area, index: number): Style {
  const possible =
    area === 'kubernetes' || area === 'prometheus' ? styles : (['plain', 'crlf', 'plain'] as const);
  return possible[index % possible.length] ?? 'plain';
}

function emptyPlan(area: Area, app: Application, style: Style): Plan {
  const fill = (text: string): string => filled(text, app);
  const files = Object.fromEntries(
    Object.entries(areas[area](app.language)).map(([path, text]) => [fill(path), fill(text)]),
  );
  return { area, app, style, files, defects: [] };
}

/** All defects once, packed into as few workspaces as they go together in. */
function plansOf(round: number, random: () => number): Plan[] {
  const waiting = shuffled(defects, random);
  const plans: Plan[] = [];
  for (const defect of waiting) {
    const open = plans.find((plan) => goesInto(defect, plan) && changed(plan, defect) !== undefined);
    const plan = open ?? newPlan(defect, plans.length + round * 5, round);
    const files = changed(plan, defect);
    if (!files) throw new Error(`${defect.name}: what it changes does not stand exactly once in its file`);
    plan.files = files;
    plan.defects.push(defect);
    if (!open) plans.push(plan);
  }
  return plans;
}

function newPlan(defect: Defect, index: number, round: number): Plan {
  const possible = applications.filter(({ language }) => defect.languages?.includes(language) ?? true);
  const app = possible[(index + round) % possible.length] ?? applicationAt(index);
  const style = styleAt(defect.area, index * 3 + round);
  return emptyPlan(defect.area, app, defect.asWritten && isRewriting(style) ? 'crlf' : style);
}

const goesInto = (defect: Defect, plan: Plan): boolean =>
  plan.area === defect.area &&
  plan.defects.length < most &&
  !defect.alone &&
  !defect.settings &&
  plan.defects.every(({ alone, settings, changes }) => !alone && !settings && !touches(changes, defect)) &&
  !(defect.asWritten && isRewriting(plan.style)) &&
  (defect.languages?.includes(plan.app.language) ?? true);

/** Two defects of one file of a Deployment's security are fine; those that change the same text are not. */
const touches = (changes: Defect['changes'], defect: Defect): boolean =>
  changes.some(({ file, find }) =>
    defect.changes.some((other) => other.file === file && other.find === find),
  );

function changed(plan: Plan, defect: Defect): Record<string, string> | undefined {
  const files = { ...plan.files };
  for (const change of defect.changes) {
    const path = filled(change.file, plan.app);
    const put = filled(change.put, plan.app);
    if (put === removed) {
      delete files[path];
      continue;
    }
    if (change.find === undefined) {
      if (files[path] !== undefined) return undefined;
      files[path] = put;
      continue;
    }
    const pieces = files[path]?.split(filled(change.find, plan.app)) ?? [];
    if (pieces.length !== 2) return undefined;
    files[path] = pieces.join(put);
  }
  return files;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function workspaceOf(plan: Plan, index: number): Workspace {
  const style =
    plan.defects.some(({ asWritten }) => asWritten) && isRewriting(plan.style) ? 'plain' : plan.style;
  const files: Record<string, string> = {};
  const expected: Expectation[] = [];
  for (const [path, marked] of Object.entries(styled(plan.files, style))) {
    const found = unmarked(path, marked);
    files[path] = found.text;
    expected.push(...found.expected);
  }
  const number = `${index + 1}`.padStart(3, '0');
  return {
    name: `${number}-${plan.area}-${plan.app.name}-${style}`,
    defects: plan.defects.map(({ name }) => name),
    settings: Object.assign({}, ...plan.defects.map(({ settings }) => settings ?? {})) as Settings,
    files,
    expected: expected.sort(
      (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.column - b.column,
    ),
  };
}
