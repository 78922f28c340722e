import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { Mapping } from './project.ts';

/** What is wrong between the values of a service. The facts: loader/validate.go and validation/ of compose-go. */
export interface Inconsistent {
  /** Within the service. */
  readonly path: Path;
  readonly message: string;
}

export const inconsistencies = (service: Mapping): readonly Inconsistent[] => [
  ...testProblems(service),
  ...watchProblems(service),
  ...platformProblems(service),
  ...differences(service),
];

function testProblems(service: Mapping): Inconsistent[] {
  const [first] = listOf(valueAt(service, ['healthcheck', 'test']));
  if (typeof first !== 'string' || first.includes('$') || ['NONE', 'CMD', 'CMD-SHELL'].includes(first))
    return [];
  const message = `a test begins with "${first.slice(0, 60)}"; allowed: NONE, CMD or CMD-SHELL before the command`;
  return [{ path: ['healthcheck', 'test', 0], message }];
}

/** What is synchronized has to go somewhere. */
function watchProblems(service: Mapping): Inconsistent[] {
  return listOf(valueAt(service, ['develop', 'watch'])).flatMap((entry, i) => {
    const action = textOf(valueAt(entry, ['action']));
    if (action === undefined || !/^sync(?:\+|$)/.test(action) || valueAt(entry, ['target']) !== undefined)
      return [];
    const message = `the action ${action} needs a target in the container`;
    return [{ path: ['develop', 'watch', i, 'action'], message }];
  });
}

function platformProblems(service: Mapping): Inconsistent[] {
  const platforms = listOf(valueAt(service, ['build', 'platforms']));
  const platform = textOf(service['platform']);
  if (platform === undefined || platforms.length === 0 || platforms.includes(platform)) return [];
  if ([platform, ...platforms].some((one) => typeof one !== 'string' || one.includes('$'))) return [];
  return [
    { path: ['platform'], message: `build/platforms does not have ${platform}, which the service runs on` },
  ];
}

/** The same limit in the old and the new place. */
const twins: readonly { old: Path; now: Path; read(value: unknown): number | undefined }[] = [
  { old: ['scale'], now: ['deploy', 'replicas'], read: plainNumber },
  { old: ['cpus'], now: ['deploy', 'resources', 'limits', 'cpus'], read: plainNumber },
  { old: ['pids_limit'], now: ['deploy', 'resources', 'limits', 'pids'], read: plainNumber },
  { old: ['mem_limit'], now: ['deploy', 'resources', 'limits', 'memory'], read: bytesOf },
  { old: ['mem_reservation'], now: ['deploy', 'resources', 'reservations', 'memory'], read: bytesOf },
];

function differences(service: Mapping): Inconsistent[] {
  return twins.flatMap(({ old, now, read }) => {
    const [one, other] = [read(valueAt(service, old)), read(valueAt(service, now))];
    if (one === undefined || other === undefined || one === other) return [];
    return [
      { path: old, message: `${old.join('/')} and ${now.join('/')} differ; write the same or only one` },
    ];
  });
}

function plainNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

const powers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** `512m`; Compose counts in powers of 1024. */
function bytesOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) * 1024 ** (powers[unit.toLowerCase()] ?? 0);
}

/** What is wrong with an entry of `secrets` or `configs` at the top level, of `volumes` or `networks`. */
export function entryProblem(section: string, entry: unknown): Inconsistent | undefined {
  const written = mappingOf(entry);
  if (!written) return undefined;
  if (section === 'secrets' || section === 'configs') return sourceProblem(section, written);
  return section === 'volumes' || section === 'networks' ? externalProblem(written) : undefined;
}

function sourceProblem(section: string, written: Mapping): Inconsistent | undefined {
  const sources = section === 'secrets' ? ['file', 'environment'] : ['file', 'environment', 'content'];
  const elsewhere = ['external', 'driver', 'template_driver'];
  if ([...sources, ...elsewhere].some((key) => written[key] !== undefined)) return undefined;
  return { path: [], message: `it has no source; allowed: ${sources.join(', ')} or external` };
}

/** Something external is used as it is found; only its name may be told. */
function externalProblem(written: Mapping): Inconsistent | undefined {
  const { external } = written;
  // A text may be a variable, or `false` in quotes.
  if (external !== true && external !== 'true' && !mappingOf(external)) return undefined;
  const other = Object.keys(written).find((key) => !/^(?:external|name|x-.*)$/.test(key));
  return other === undefined
    ? undefined
    : { path: [other], message: `${other} stands beside external; allowed: only name` };
}
