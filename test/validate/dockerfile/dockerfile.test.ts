// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in Dockerfiles

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { baseImage } from '../../../src/validate/dockerfile/base-images.ts';
import { contentsOf } from '../../../src/validate/dockerfile/contents.ts';
import { packageCall } from '../../../src/validate/dockerfile/packages.ts';
import { commandsOf, programOf, textCommands } from '../../../src/validate/dockerfile/shell.ts';
import { buildOf, substituted } from '../../../src/validate/dockerfile/stages.ts';
import { brokenRule, validate } from '../../../src/validate/engine.ts';
import { imageReference } from '../../../src/validate/kubernetes/images.ts';
import { readDockerfile } from '../../../src/validate/read/dockerfile.ts';
import { dockerfileRules } from '../../../src/validate/rules/dockerfile/index.ts';
import { workspaceOf } from '../compose/workspace.ts';

const read = (text: string) => readDockerfile({ path: 'Dockerfile', text }).dockerfile;

const commands = (script: string) =>
  textCommands(script, 0).map(({ words, after }) =>
    `${after} ${words.map(({ text }) => text).join(' ')}`.trim(),
  );

describe('commands of a script', () => {
  test.each([
    ['a && b', ['a', '&& b']],
    ['a;b', ['a', '; b']],
    ['a|b||c&', ['a', '| b', '|| c']],
    ['echo "a && b" \'c | d\'', ['echo a && b c | d']],
    ['a 2>&1 | b', ['a 2>&1', '| b']],
    ['a &>log', ['a &>log']],
    ['x=$(a | b) && c', ['x=$(a', '&& c']],
    ['(cd /x && make)', ['cd /x', '&& make']],
    ['a\n# b\nc', ['a', 'c']],
    ['a \\\n b', ['a b']],
    ['echo \\; b', ['echo ; b']],
  ])('%j', (script, expected) => expect(commands(script)).toEqual(expected));

  test.each([
    ['exec node a.js', 'node'],
    ['A=b C=d env E=f python x', 'python'],
    ['timeout 3 curl -f x', 'curl'],
    ['if ! test -f x', 'test'],
    ['> log true', 'log'],
    ['', undefined],
  ])('the program of %j is %j', (script, program) => {
    const [first] = textCommands(script, 0);
    expect(first && programOf(first)).toBe(program);
  });

  test('stand in the words of the instruction', () => {
    const { instructions } = read(
      'FROM a\nRUN --network=none apt-get update && \\\n  apt-get install -y curl\n',
    );
    const run = instructions[1];
    expect(run && commandsOf(run).map(({ words }) => words[0]?.index)).toEqual([1, 4]);
  });
});

test.each([
  ['apt-get install -y --no-install-recommends curl=8.1 jq', 'apt', 'install', ['curl=8.1', 'jq']],
  ['apk add --no-cache --virtual .d gcc', 'apk', 'install', ['gcc']],
  ['python3 -m pip install flask', 'pip', 'install', ['flask']],
  ['pip install -r requirements.txt', 'pip', 'project', []],
  ['npm ci', 'npm', 'project', []],
  ['yarn global add pm2', 'npm', 'install', ['pm2']],
  ['apt-get purge -y curl', 'apt', 'remove', ['curl']],
])('package tool in %j', (script, tool, action, packages) => {
  const [command] = textCommands(script, 0);
  const call = command && packageCall(command);
  expect(call && [call.tool, call.action, call.packages.map(({ text }) => text)]).toEqual([
    tool,
    action,
    packages,
  ]);
});

test.each([
  ['node:24-slim', 'curl', false],
  ['docker.io/library/node:24', 'curl', true],
  ['public.ecr.aws/docker/library/node:24-alpine', 'wget', true],
  ['python:3.14-slim', 'bash', true],
  ['alpine:3.22', 'bash', false],
  ['gcr.io/distroless/java21-debian12', 'java', true],
  ['gcr.io/distroless/nodejs24-debian12:nonroot', 'node', false],
  ['mariadb:10.11', 'mysqladmin', true],
  ['mariadb:11.8', 'mysqladmin', false],
])('%s has %s: %s', (image, program, expected) => {
  expect(baseImage(imageReference(image))?.has.has(program)).toBe(expected);
});

test.each([
  'acme/node:24',
  'gcr.io/distroless/static:debug',
  'cgr.dev/chainguard/node:latest-dev',
  'golang:1.25-nanoserver',
])('%s is not known', (image) => expect(baseImage(imageReference(image))).toBeUndefined());

test.each([
  ['FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl', 'present'],
  ['FROM debian:12-slim\nRUN apt-get install -y curl && apt-get purge -y curl', 'absent'],
  ['FROM alpine:3\nRUN apk add --virtual .f curl && apk del .f', 'absent'],
  ['FROM debian:12-slim\nRUN apt-get install -y $PACKAGES', 'unknown'],
  ['FROM debian:12-slim\nRUN ./install.sh', 'unknown'],
  ['FROM debian:12-slim\nRUN rm -f /usr/bin/curl', 'absent'],
  ['FROM curlimages/curl:8 AS c\nFROM debian:12-slim\nCOPY --from=c /usr/bin/curl /usr/bin/', 'present'],
  [
    'FROM debian:12 AS c\nRUN apt-get install -y curl\nFROM debian:12-slim\nCOPY --from=c /usr /usr',
    'present',
  ],
  [
    'FROM debian:12 AS c\nRUN apt-get install -y curl\nFROM debian:12-slim\nCOPY --from=c /app /app',
    'absent',
  ],
  ['FROM debian:12 AS c\nRUN apt-get install -y curl\nFROM c', 'present'],
  ['FROM unknown/base:1', 'unknown'],
])('curl in the last stage of %j: %s', (text, state) => {
  const build = buildOf(read(text));
  expect(contentsOf(build, build.final).presence('curl').state).toBe(state);
});

test.each([
  ['node:${V}', 'node:24'],
  ['node:$V-slim', 'node:24-slim'],
  ['node:${W:-22}', 'node:22'],
  ['node:${V:+x}', 'node:x'],
  ['node:${W}', undefined],
])('%s with V=24 is %s', (text, expected) => {
  expect(substituted(text, new Map([['V', '24']]))).toBe(expected);
});

test('no rule fails on any text, and none takes long on a hostile one', () => {
  const line = fc.constantFrom(
    ...'FROM,FROM a,FROM node:24 AS a,FROM $X,RUN,RUN a && $(b,RUN ((((,RUN "a,COPY,COPY --from=9 . /,COPY --from=a,ADD a b,CMD [,CMD ["a"],CMD $A,HEALTHCHECK,HEALTHCHECK NONE,HEALTHCHECK CMD,ENV,ENV A,ENV =,ARG =a,USER,EXPOSE -,SHELL [],SHELL,WORKDIR,ONBUILD,ONBUILD CMD,STOPSIGNAL,RUN <<E,E,\\,`'.split(
      ',',
    ),
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 5, arbitrary: line }, fc.string()), { maxLength: 12 }),
      (lines) => {
        const { findings } = validate(
          workspaceOf({ dockerfiles: [read(lines.join('\n'))] }),
          dockerfileRules,
        );
        expect(findings.filter(({ rule }) => rule === brokenRule)).toEqual([]);
        for (const { line: at, column } of findings) expect(at >= 1 && column >= 1).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
