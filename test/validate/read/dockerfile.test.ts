import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { valueAt } from '../../../src/validate/document.ts';
import { readDockerfile } from '../../../src/validate/read/dockerfile.ts';

const read = (text: string) => readDockerfile({ path: 'Dockerfile', text });
const instructions = (text: string) => read(text).dockerfile.instructions;
const first = (text: string) => {
  const [instruction] = instructions(text);
  if (!instruction) throw new Error('no instruction');
  return instruction;
};

describe('instructions', () => {
  test.each([
    ['RUN a  b', 'a  b', ['a', 'b']],
    ['run a \\\n  b', 'a b', ['a', 'b']],
    ['RUN a\\\nb', 'ab', ['ab']],
    ['RUN a \\\n# comment\n\n  # another\n  b\\\n  c', 'a b c', ['a', 'b', 'c']],
    ['RUN a \\  \n b', 'a b', ['a', 'b']],
    ['RUN echo a\\\\\nRUN b', 'echo a\\\\', ['echo', 'a\\\\']],
    ['\ufeffRUN a \\\r\n  b\r\n', 'a b', ['a', 'b']],
    ['# escape=`\nRUN a `\n b\\', 'a b\\', ['a', 'b\\']],
    ['# Syntax = x\n# escape = `\nRUN a `\n b', 'a b', ['a', 'b']],
    ['# a comment\n# escape=`\nRUN a `', 'a `', ['a', '`']],
    ['ENV A="b c" D=\'e f\' G=h\\ i', 'A="b c" D=\'e f\' G=h\\ i', ['A="b c"', "D='e f'", 'G=h\\ i']],
    ["RUN echo it's fine", "echo it's fine", ['echo', "it's", 'fine']],
    ['LABEL a="x \\" y"', 'a="x \\" y"', ['a="x \\" y"']],
    ['    RUN a # b', 'a # b', ['a', '#', 'b']],
  ])('%j', (text, joined, words) => {
    expect(first(text)).toMatchObject({ text: joined, words });
  });

  test.each([
    ['CMD ["node", "server.js"]', ['node', 'server.js'], ['node', 'server.js']],
    ['CMD [ "a b" , "\\u0063\\"" ]  ', ['a b', 'c"'], ['a b', 'c"']],
    ['CMD ["a", \\\n  "b"]', ['a', 'b'], ['a', 'b']],
    ["CMD ['a']", undefined, ["['a']"]],
    ['CMD [ "a" ] && b', undefined, ['[', '"a"', ']', '&&', 'b']],
    ['CMD []', [], []],
    ['HEALTHCHECK --interval=5s CMD ["curl", "-f", "x"]', ['curl', '-f', 'x'], undefined],
    ['HEALTHCHECK CMD curl -f x', undefined, ['CMD', 'curl', '-f', 'x']],
    ['HEALTHCHECK NONE', undefined, ['NONE']],
    ['ONBUILD RUN ["a"]', ['a'], ['RUN', 'a']],
    ['ENV a [ "b" ]', undefined, ['a', '[', '"b"', ']']],
  ])('exec form: %j', (text, exec, words) => {
    expect(first(text).exec).toEqual(exec);
    if (words) expect(first(text).words).toEqual(words);
  });

  test.each([
    ['COPY --from=build --chown=1:1 a b', { from: 'build', chown: '1:1' }],
    [
      'RUN --mount=type=cache --mount=type=secret,id=x a --not-a-flag',
      {
        mount: 'type=cache\ntype=secret,id=x',
      },
    ],
    ['COPY --link a b', { link: '' }],
    ['HEALTHCHECK --interval=5s --timeout=1s CMD a', { interval: '5s', timeout: '1s' }],
    ['ONBUILD COPY --from=x a b', { from: 'x' }],
    ['FROM --platform=$BUILDPLATFORM a', { platform: '$BUILDPLATFORM' }],
  ])('flags: %j', (text, flags) => {
    expect(first(text).flags).toEqual(flags);
  });

  test('here-documents are taken as they are', () => {
    const text = 'RUN <<EOF cat > x\nFROM inner\n  EOF\nEOF\nCOPY <<-"A" <<B /x/\n\ta\n\tA\nb\\\nB\nUSER 1\n';
    expect(instructions(text).map(({ name, heredocs }) => [name, heredocs])).toEqual([
      ['RUN', [{ name: 'EOF', text: 'FROM inner\n  EOF\n' }]],
      [
        'COPY',
        [
          { name: 'A', text: 'a\n' },
          { name: 'B', text: 'b\\\n' },
        ],
      ],
      ['USER', []],
    ]);
  });

  test('what only looks like a here-document is none', () => {
    const names = instructions('RUN ["a", "<<EOF"]\nENV X=<<EOF\nRUN echo $((1<<2))\nRUN cat <<<EOF\nUSER 1');
    expect(names.map(({ name, heredocs }) => `${name} ${heredocs.length}`)).toEqual([
      'RUN 0',
      'ENV 0',
      'RUN 0',
      'RUN 0',
      'USER 0',
    ]);
  });

  test('stages', () => {
    const { dockerfile } = read(
      'ARG V=1\nFROM --platform=linux/amd64 node:$V as Build\nRUN a\nFROM Build\nFROM scratch AS last\nCMD ["x"]\n',
    );
    expect(dockerfile.stages).toEqual([
      { base: 'node:$V', name: 'Build', instructions: [1, 2] },
      { base: 'Build', name: undefined, instructions: [3] },
      { base: 'scratch', name: 'last', instructions: [4, 5] },
    ]);
  });
});

describe('positions', () => {
  const text = [
    '# syntax=docker/dockerfile:1',
    'FROM node:24 AS build',
    'RUN apt-get update && \\',
    '    # tools',
    '    apt-get install -y \\',
    '      curl',
    '  CMD [ "node", \\',
    '    "server.js" ]',
  ].join('\n');
  const { document } = read(text).dockerfile;
  const written = (path: number[]) => {
    const { start, end } = document.extent(path) ?? { start: 0, end: 0 };
    return document.file.text.slice(start, end);
  };

  test.each([
    [[0], '2:1', 'FROM node:24 AS build'],
    [[0, 0], '2:6', 'node:24'],
    [[0, 2], '2:17', 'build'],
    [[1, 0], '3:5', 'apt-get'],
    [[1, 3], '5:5', 'apt-get'],
    [[1, 6], '6:7', 'curl'],
    [[2], '7:3', 'CMD [ "node", \\\n    "server.js" ]'],
    [[2, 0], '7:9', '"node"'],
    [[2, 1], '8:5', '"server.js"'],
  ])('%j', (path, at, words) => {
    const { line, column } = document.position(path);
    expect([`${line}:${column}`, written(path)]).toEqual([at, words]);
  });

  test('a word that is not there is told at its instruction', () => {
    expect(document.position([1, 99])).toMatchObject({ line: 3, column: 1 });
  });

  const word = fc.stringMatching(/^[a-zA-Z0-9./:=$-]{1,8}$/).filter((text) => !text.startsWith('--'));
  const seam = fc.constantFrom(' ', '  ', '\t', ' \\\n  ', ' \\\n# comment\n\n  ', ' \\ \n');
  const run = fc.array(fc.tuple(word, seam), { minLength: 1, maxLength: 6 });

  test('every word stands where it is written, however lines are continued', () => {
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
        const lines = runs.map((words) => `RUN ${words.map(([text, gap]) => text + gap).join('')}end\n`);
        const source = `FROM a\n${lines.join('# between\n')}`;
        const found = read(source).dockerfile;
        expect(found.instructions).toHaveLength(runs.length + 1);
        runs.forEach((words, i) => {
          const expected = [...words.map(([text]) => text), 'end'];
          expect(found.instructions[i + 1]?.words).toEqual(expected);
          expected.forEach((text, n) => {
            const { start = 0, end = 0 } = found.document.extent([i + 1, n]) ?? {};
            expect(source.slice(start, end)).toBe(text);
            expect(valueAt(found.document.value, [i + 1, n])).toBe(text);
          });
        });
      }),
    );
  });
});

describe('what is wrong', () => {
  test.each([
    ['', ['1:1 a Dockerfile needs a FROM, this one has none']],
    ['FROM a\nRUNN b', ['2:1 "RUNN" is not an instruction of a Dockerfile, did you mean "RUN"?']],
    ['FROM a\n  COPY', ['2:3 COPY needs an argument, it has none']],
    ['FROM a\nRUN <<X\nb', ['2:5 the here-document X is never ended']],
    ['FROM a\nRUN b \\', []],
  ])('%j', (text, expected) => {
    const told = read(text).problems.map(({ document, message }) => {
      const { line, column } = document.position([]);
      return `${line}:${column} ${message}`;
    });
    expect(told).toEqual(expected);
  });
});
