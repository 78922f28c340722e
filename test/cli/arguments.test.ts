import { describe, expect, test } from '@jest/globals';
import { type Invocation, parseCommandLine } from '../../src/cli/arguments.ts';
import { type Command, commandNames, commands, helpFor, overview } from '../../src/cli/commands.ts';

const parse = (line: string): Invocation => parseCommandLine(line.split(' ').filter((word) => word !== ''));

describe('parseCommandLine', () => {
  test.each([
    ['--help', { kind: 'overview' }],
    ['help', { kind: 'overview' }],
    ['help apply', { kind: 'help', command: 'apply' }],
    ['--version', { kind: 'version' }],
    ['apply --help', { kind: 'help', command: 'apply' }],
    ['status -h', { kind: 'help', command: 'status' }],
  ])('%s', (line, invocation) => {
    expect(parse(line)).toEqual(invocation);
  });

  test('reads every option of apply into typed values', () => {
    const line =
      'apply -f a.yml -e local --state-folder s --report-folder r --version 2 --sha abc --bake 1m30s --skip smoke,chaos --seed x --allow-older --json --verbose';
    expect(parse(line)).toEqual({
      kind: 'run',
      command: 'apply',
      operand: undefined,
      options: {
        file: 'a.yml',
        environment: 'local',
        stateFolder: 's',
        reportFolder: 'r',
        version: '2',
        sha: 'abc',
        skip: ['smoke', 'chaos'],
        seed: 'x',
        bakeMs: 90_000,
        allowOlder: 'yes',
        output: 'json',
        detail: 'debug',
      },
    });
  });

  test('report takes one record', () => {
    expect(parse('report a.json')).toMatchObject({ command: 'report', operand: 'a.json' });
    expect(() => parse('report a.json b.json')).toThrow('"b.json" was not expected');
  });

  test.each([
    ['', 'no command was given'],
    ['aply', 'there is no command "aply", did you mean "apply"?'],
    ['--fiel x', 'there is no option "--fiel"'],
    ['apply --enviroment local', 'there is no option "--enviroment", did you mean "--environment"?'],
    ['plan --bake 3s', 'there is no option "--bake"'],
    ['apply --environment', '--environment needs a value'],
    ['apply --environment --json', '--environment needs a value'],
    ['apply --json=yes', '--json takes no value'],
    ['apply --bake 3', '--bake: "3" is not a duration such as 500ms, 30s or 10m'],
    ['apply now', '"now" was not expected'],
  ])('%j is refused: %s', (line, message) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });

  test('every refusal names the next command', () => {
    for (const line of ['', 'x', 'apply --x', 'apply x', 'apply --bake x']) {
      expect(() => parse(line)).toThrow(
        expect.objectContaining({ next: expect.stringMatching(/^cutover .*--help/) }),
      );
    }
  });
});

describe('help', () => {
  test.each(commandNames)('of %s names all of its options', (name) => {
    const command: Command = commands[name];
    for (const option of Object.keys(command.options)) expect(helpFor(name)).toContain(`--${option}`);
    expect(overview()).toContain(command.summary);
    expect(parse(command.example.replace(/^cutover /, ''))).toMatchObject({ kind: 'run', command: name });
  });
});
