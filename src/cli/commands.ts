import { about } from '../platform/about.ts';

/** One option of the command line, as `node:util` parseArgs takes it, with words for people. */
export interface Option {
  type: 'string' | 'boolean';
  short?: string;
  /** May be given more than once. */
  many?: true;
  /** What stands behind it in the help: `<file>`. */
  value?: string;
  text: string;
}

const place = {
  file: { type: 'string', short: 'f', value: '<path>', text: 'the release file (default: cutover.yml)' },
  environment: { type: 'string', short: 'e', value: '<name>', text: 'environment (default: the only one)' },
  'state-folder': {
    type: 'string',
    value: '<path>',
    text: 'where the local target keeps its state (default: .cutover beside the file)',
  },
} as const satisfies Record<string, Option>;

const output = {
  json: { type: 'boolean', text: 'print one JSON object on stdout and progress on stderr' },
  verbose: { type: 'boolean', text: 'show debug messages' },
  help: { type: 'boolean', short: 'h', text: 'show this help' },
} as const satisfies Record<string, Option>;

const reports = {
  'report-folder': {
    type: 'string',
    value: '<path>',
    text: 'where records and reports go (default: reports in the state folder)',
  },
} as const satisfies Record<string, Option>;

const release = {
  version: { type: 'string', value: '<text>', text: 'version of the release (default: from its content)' },
  sha: { type: 'string', value: '<commit>', text: 'commit of the release, for the record' },
} as const satisfies Record<string, Option>;

const bake = {
  bake: {
    type: 'string',
    value: '<time>',
    text: 'watch so long after the switch, such as 30s (default: from the file)',
  },
} as const satisfies Record<string, Option>;

const skip = {
  skip: {
    type: 'string',
    value: '<stages>',
    text: 'leave stages of the file out: smoke, chaos or both with a comma',
  },
  seed: {
    type: 'string',
    value: '<text>',
    text: 'choose the same targets for chaos as the run that told it',
  },
} as const satisfies Record<string, Option>;

const aim = {
  aim: { type: 'string', value: '<colour>', text: 'live or standby' },
} as const satisfies Record<string, Option>;

const only = (what: string) =>
  ({
    only: {
      type: 'string',
      many: true,
      value: '<name>',
      text: `${what} of this name; may be given more than once`,
    },
  }) as const satisfies Record<string, Option>;

export interface Command {
  summary: string;
  /** What may stand behind the options. */
  operand?: { name: string; text: string; many?: true };
  options: Readonly<Record<string, Option>>;
  example: string;
}

/** Every command; the parser, the help and the documentation come from here. */
export const commands = {
  plan: {
    summary: 'show what apply would do, and write nothing',
    options: { ...place, ...release, ...skip, ...reports, ...output },
    example: 'cutover plan --version 2.0.0',
  },
  apply: {
    summary: 'take a release live and watch it',
    options: {
      ...place,
      ...release,
      ...bake,
      ...skip,
      'allow-older': { type: 'boolean', text: 'accept a release that is an ancestor of the live one' },
      ...reports,
      ...output,
    },
    example: 'cutover apply --environment staging --version 2.0.0',
  },
  status: {
    summary: 'show what runs, which colour is live and what is unfinished',
    options: { ...place, ...output },
    example: 'cutover status --json',
  },
  rollback: {
    summary: 'give traffic back to the colour that was live before',
    options: { ...place, ...bake, skip: skip.skip, ...reports, ...output },
    example: 'cutover rollback --environment production',
  },
  recover: {
    summary: 'finish or undo what an interrupted run left',
    options: { ...place, ...reports, ...output },
    example: 'cutover recover',
  },
  smoke: {
    summary: 'check that what runs works, its version first',
    options: {
      ...place,
      ...aim,
      ...only('the check'),
      version: {
        type: 'string',
        value: '<text>',
        text: 'version that must answer (default: the one started)',
      },
      url: { type: 'string', value: '<url>', text: 'check this address, and read no release file' },
      'expect-status': {
        type: 'string',
        value: '<status>',
        text: 'with --url: what must answer, several with commas (default: 200 to 399)',
      },
      ...reports,
      ...output,
    },
    example: 'cutover smoke --aim standby',
  },
  chaos: {
    summary: 'break something on purpose, and measure what it does and whether it recovers',
    operand: {
      name: 'mode',
      text: 'run, plan (changes nothing) or revert (ends what is broken now) (default: run)',
    },
    options: {
      ...place,
      ...aim,
      ...only('the experiment'),
      seed: skip.seed,
      toolkit: { type: 'string', value: '<path>', text: 'run an experiment file of Chaos Toolkit instead' },
      ...reports,
      ...output,
    },
    example: 'cutover chaos plan',
  },
  stop: {
    summary: 'end all that the local target runs in an environment, the live release too',
    options: { ...place, ...output },
    example: 'cutover stop --environment local',
  },
  report: {
    summary: 'render the reports of a record again',
    operand: { name: 'record', text: 'path of a record (default: the newest one)' },
    options: { ...place, ...reports, ...output },
    example: 'cutover report .cutover/reports/record.json',
  },
  validate: {
    summary: 'check all that a release is made of, offline, each finding on its line',
    operand: {
      name: 'paths',
      text: 'files, folders or globs, those with ! are left out (default: all)',
      many: true,
    },
    options: {
      file: place.file,
      environment: {
        type: 'string',
        short: 'e',
        value: '<name>',
        text: 'environment that is released to (default: rules of production apply to all)',
      },
      'kubernetes-version': {
        type: 'string',
        value: '<1.n>',
        text: 'version of the cluster (default: from the file, else the newest known)',
      },
      'fail-on': { type: 'string', value: '<level>', text: 'error or warning (default: error)' },
      baseline: {
        type: 'string',
        value: '<path>',
        text: 'findings that were there before (default: from the file)',
      },
      'write-baseline': { type: 'boolean', text: 'take all findings of now into the baseline' },
      fix: { type: 'boolean', text: 'mend what can be mended mechanically' },
      'dry-run': { type: 'boolean', text: 'with --fix: print the patch and write nothing' },
      sarif: { type: 'string', value: '<path>', text: 'write the findings as SARIF 2.1.0' },
      junit: { type: 'string', value: '<path>', text: 'write the findings as JUnit XML' },
      ...output,
    },
    example: 'cutover validate k8s --environment production',
  },
  explain: {
    summary: 'say what a rule checks, why, and how to mend what it finds',
    operand: { name: 'rule', text: 'id of a rule (default: list all of them)' },
    options: { ...output },
    example: 'cutover explain image-pinned',
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as CommandName[];

const exits = `Exit codes: 0 passed, 1 failed, 2 usage, 3 inconclusive, 130 cancelled.`;

const columns = (rows: readonly (readonly [string, string])[]) => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

/** `cutover --help` */
export function overview(): string {
  const rows = commandNames.map((name) => [name, commands[name].summary] as const);
  return `cutover ${about.version}: blue-green releases, measured

Usage: cutover <command> [options]

${columns(rows)}

cutover <command> --help shows the options of a command; cutover --version shows the version.
${exits}
Documentation: https://github.com/${about.slug}#readme
`;
}

/** `cutover <command> --help` */
export function helpFor(name: CommandName): string {
  const command: Command = commands[name];
  const rows = Object.entries(command.options).map(([option, { short, value, text }]) => {
    const left = `${short ? `-${short}, ` : '    '}--${option}${value ? ` ${value}` : ''}`;
    return [left, text] as const;
  });
  const operand = command.operand ? ` [${command.operand.name}${command.operand.many ? '…' : ''}]` : '';
  const operandRow = command.operand ? `${columns([[command.operand.name, command.operand.text]])}\n\n` : '';
  return `cutover ${name}: ${command.summary}

Usage: cutover ${name} [options]${operand}

${operandRow}${columns(rows)}

Example: ${command.example}
${exits}
`;
}
