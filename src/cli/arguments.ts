import { parseArgs } from 'node:util';
import { didYouMean } from '../config/suggest.ts';
import { duration, refusal } from '../hosts/inputs.ts';
import { codeOf, messageOf, UsageError } from '../platform/errors.ts';
import type { ProvingStage } from '../release/proofs.ts';
import { type Command, type CommandName, commandNames, commands } from './commands.ts';
import { type ProofOptions, proofOptions, skipOf } from './proof-options.ts';
import { type ValidateOptions, validateOptions } from './validate-options.ts';

/** Values of all options that exist; a command has only some of them. */
export interface Options {
  file: string;
  environment: string | undefined;
  stateFolder: string | undefined;
  reportFolder: string | undefined;
  version: string | undefined;
  sha: string | undefined;
  bakeMs: number | undefined;
  allowOlder: 'yes' | 'no';
  /** Stages that are left out. */
  skip: readonly ProvingStage[];
  seed: string | undefined;
  output: 'text' | 'json';
  detail: 'normal' | 'debug';
  /** Only of `validate`. */
  validate?: ValidateOptions;
  /** Only of `smoke` and `chaos`. */
  proof?: ProofOptions;
}

/** What a command line asks for. */
export type Invocation =
  | { kind: 'overview' }
  | { kind: 'version' }
  | { kind: 'help'; command: CommandName }
  | {
      kind: 'run';
      command: CommandName;
      options: Options;
      operand: string | undefined;
      /** All operands of a command that takes several. */
      operands?: readonly string[];
    };

const isCommand = (word: string): word is CommandName => Object.hasOwn(commands, word);

/** Reads a command line, without the program's own name. @throws UsageError */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === '--version' || first === '-V') return { kind: 'version' };
  if (first === 'help' && rest[0] !== undefined && isCommand(rest[0]))
    return { kind: 'help', command: rest[0] };
  if (first === '--help' || first === '-h' || first === 'help') return { kind: 'overview' };
  if (first === undefined) {
    throw new UsageError('no command was given', { next: `cutover --help lists ${commandNames.join(', ')}` });
  }
  if (!isCommand(first)) {
    const what = first.startsWith('-') ? 'option' : 'command';
    throw new UsageError(`there is no ${what} "${first}"${didYouMean(first, commandNames)}`, {
      next: 'cutover --help',
    });
  }
  const { values, operands } = optionsOf(first, rest);
  if (values['help'] === true) return { kind: 'help', command: first };
  const command: Command = commands[first];
  if (command.operand?.many) {
    const options = { ...typed(values), validate: validateOptions(values) };
    return { kind: 'run', command: first, options, operand: operands[0], operands };
  }
  const proof = first === 'smoke' || first === 'chaos' ? { proof: proofOptions(values) } : {};
  const options = { ...typed(values), ...proof };
  return { kind: 'run', command: first, options, operand: operandOf(first, operands) };
}

/** As `parseArgs` gives them. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

function optionsOf(name: CommandName, argv: readonly string[]): { values: Values; operands: string[] } {
  const command: Command = commands[name];
  const options = Object.fromEntries(
    Object.entries(command.options).map(([option, { type, short, many }]) => [
      option,
      { type, ...(short ? { short } : {}), ...(many ? { multiple: true } : {}) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      strict: true,
      allowPositionals: true,
    });
    return { values: values as Values, operands: positionals };
  } catch (error) {
    throw new UsageError(parseProblem(error, Object.keys(options)), { next: `cutover ${name} --help` });
  }
}

/** Node's own message is one long sentence with advice that does not apply here. */
function parseProblem(error: unknown, options: readonly string[]): string {
  const message = messageOf(error);
  const named = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1] ?? '';
  if (codeOf(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const guess = didYouMean(named.replace(/^-+/, ''), options).replace('"', '"--');
    return `there is no option "${named}"${guess}`;
  }
  if (/argument is ambiguous|argument missing/.test(message)) return `${named} needs a value`;
  if (/does not take an argument/.test(message)) return `${named} takes no value`;
  return message;
}

function operandOf(name: CommandName, operands: readonly string[]): string | undefined {
  const command: Command = commands[name];
  const allowed = command.operand ? 1 : 0;
  const extra = operands[allowed];
  if (extra === undefined) return operands[0];
  throw new UsageError(`"${extra}" was not expected`, { next: `cutover ${name} --help` });
}

function typed(values: Values): Options {
  return Object.freeze({
    file: text(values, 'file') ?? 'cutover.yml',
    environment: text(values, 'environment'),
    stateFolder: text(values, 'state-folder'),
    reportFolder: text(values, 'report-folder'),
    version: text(values, 'version'),
    sha: text(values, 'sha'),
    bakeMs: bakeOf(text(values, 'bake')),
    allowOlder: values['allow-older'] === true ? 'yes' : 'no',
    skip: skipOf(text(values, 'skip')),
    seed: text(values, 'seed'),
    output: values['json'] === true ? 'json' : 'text',
    detail: values['verbose'] === true ? 'debug' : 'normal',
  } as const);
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function bakeOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const ms = duration.read(given);
  if (ms === undefined)
    throw new UsageError(`--bake: ${refusal(given, duration)}`, { next: 'cutover apply --help' });
  return ms;
}
