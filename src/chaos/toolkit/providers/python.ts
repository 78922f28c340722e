import type { Deed } from '../deed.ts';
import type { Form } from '../form.ts';
import { Arguments } from '../functions/arguments.ts';
import { functionNames, refusedFunctions, toolkitFunctions } from '../functions/index.ts';
import type { Reading } from '../reading.ts';

/** A function of the Kubernetes extension that has a meaning on this target; no Python is run. */
export function readPython(provider: Form, reading: Reading): Deed | undefined {
  const module = provider.needText('module');
  const func = provider.needText('func');
  if (module === undefined || func === undefined) return undefined;
  const name = `${module}.${func}`;
  const found = toolkitFunctions[name];
  if (!found) {
    const why = refusedFunctions[name] ?? 'no Python is run here, and nothing else does the same';
    return provider.at('func')?.refuse(`${name} is not supported: ${why}`, functionNames.join(', '));
  }
  if (!found.targets.includes(reading.target)) {
    return provider
      .at('func')
      ?.refuse(`${name} cannot be done on ${reading.target}`, found.targets.join(', '));
  }
  const args = new Arguments(provider, found.arguments);
  const deed = found.read(args, reading);
  return deed && { kind: name, what: `${name}(${args.written})`, ...deed };
}
