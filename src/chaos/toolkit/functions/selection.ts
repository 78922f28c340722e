import type { Color, Instance, Inventory } from '../../../targets/target.ts';
import { colorOf } from '../../plan.ts';
import type { Reading } from '../reading.ts';
import { pythonRegex } from '../tolerance/regex.ts';
import type { Arguments } from './arguments.ts';

/** Which instances a function means. */
export interface Selection {
  /** Names; never empty. */
  components: readonly string[];
  /** Undefined: the aim decides. */
  color: Color | undefined;
  /** Matched against `gateway-green-1`. */
  name: RegExp | undefined;
  /** As it was written, for messages. */
  text: string;
}

/** Labels that name a component; `color` chooses a colour. */
const componentLabels = ['app', 'name', 'component', 'app.kubernetes.io/name', 'app.kubernetes.io/component'];
const allowedLabels = `${componentLabels.join(', ')} with a component, or color with blue or green`;
const requirement = /^([\w./-]+)\s*(?:==?\s*([\w.-]+)|\s+in\s*\(([^)]*)\))$/;

/** Reads `label_selector` and `name_pattern`, as pods are selected. */
export function podSelection(args: Arguments, reading: Reading): Selection | undefined {
  const labels = args.text('label_selector');
  const written = args.text('name_pattern');
  const name = written === undefined ? undefined : pythonRegex(written);
  if (name && 'problem' in name)
    return args.refuse('name_pattern', `cannot be used as a regular expression: ${name.problem}`);
  const selected = selectedBy(labels ?? '', reading);
  if ('problem' in selected) return args.refuse('label_selector', selected.problem, selected.allowed);
  return { ...selected, name, text: labels ?? written ?? 'everything' };
}

/** Reads `name`, or `label_selector` with `{name}` in it, as deployments and services are selected. */
export function namedSelection(args: Arguments, reading: Reading): Selection | undefined {
  const name = args.text('name');
  if (name === undefined) return args.refuse('name', 'name is missing', reading.components.join(', '));
  if (!reading.components.includes(name)) {
    return args.refuse('name', `there is no component ${name}`, reading.components.join(', '));
  }
  const selected = selectedBy((args.text('label_selector') ?? '').replaceAll('{name}', name), reading);
  if ('problem' in selected) return args.refuse('label_selector', selected.problem, selected.allowed);
  if (!selected.components.includes(name)) return args.refuse('label_selector', `selects nothing of ${name}`);
  return { components: [name], color: selected.color, name: undefined, text: name };
}

type Selected = Pick<Selection, 'components' | 'color'> | { problem: string; allowed: string };

/** `app=gateway,color=green`; several requirements have to be met together. */
export function selectedBy(labels: string, { components: all }: Pick<Reading, 'components'>): Selected {
  let components = all;
  let color: Color | undefined;
  for (const part of labels
    .split(/,(?![^(]*\))/)
    .map((one) => one.trim())
    .filter((one) => one !== '')) {
    const [, key = '', single, several] = requirement.exec(part) ?? [];
    const values = single === undefined ? (several ?? '').split(',').map((one) => one.trim()) : [single];
    if (key === 'color' && (single === 'blue' || single === 'green')) color = single;
    else if (!componentLabels.includes(key))
      return { problem: `the label ${part} has no meaning here`, allowed: allowedLabels };
    else components = components.filter((name) => values.includes(name));
  }
  if (components.length > 0) return { components, color };
  return { problem: 'selects no component of the release file', allowed: all.join(', ') };
}

/** One component's aimed colour, with those of its instances that are meant. */
export interface AimedColor {
  component: string;
  color: Color;
  all: readonly Instance[];
  chosen: readonly Instance[];
}

/** What a selection comes to now, purely; a component of which nothing runs in the aimed colour is left out. */
export function selectedIn(
  inventory: Inventory,
  { components, color: wanted, name }: Selection,
  { aim, standby }: { aim: 'live' | 'standby'; standby: Readonly<Record<string, Color>> },
): readonly AimedColor[] {
  return components.flatMap((component) => {
    const state = inventory.components[component];
    const color = state && colorOf({ component, color: wanted }, { aim, state, standby });
    if (!state || !color) return [];
    const all = state.colors[color].instances;
    const chosen = all.filter(({ id }) => name === undefined || name.test(id.replaceAll('/', '-')));
    return chosen.length === 0 ? [] : [{ component, color, all, chosen }];
  });
}
