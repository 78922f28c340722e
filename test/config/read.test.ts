// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml
import { describe, expect, test } from '@jest/globals';
import type { Problem, ReleaseFile } from '../../src/config/model.ts';
import { formatProblem } from '../../src/config/problems.ts';
import { type ReadOptions, readReleaseFile } from '../../src/config/read.ts';
import { unprotected } from '../support/protection.ts';

const base: ReadOptions = { file: 'cutover.yml', folder: '/app', env: () => undefined };

function accepted(text: string, options: Partial<ReadOptions> = {}): ReleaseFile {
  const result = readReleaseFile(text, { ...base, ...options });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.file;
}

function refused(text: string, options: Partial<ReadOptions> = {}): Problem[] {
  const result = readReleaseFile(text, { ...base, ...options });
  return result.ok ? [] : result.problems;
}

const web = 'name: shop\ncomponents:\n  web:\n    run: [node, server.js]\n';

describe('what is not written', () => {
  test('has the documented defaults', () => {
    expect(accepted(web)).toEqual({
      name: 'shop',
      folder: '/app',
      components: {
        web: {
          name: 'web',
          context: '.',
          run: ['node', 'server.js'],
          env: {},
          port: 0,
          instances: 1,
          health: {
            http: '/health',
            interval: 250,
            timeout: 1_000,
            healthyAfter: 3,
            unhealthyAfter: 3,
            startWithin: 30_000,
          },
          version: undefined,
          drain: 30_000,
        },
      },
      environments: { local: { name: 'local', target: 'local', protect: unprotected } },
      config: [],
      smoke: [],
      chaos: [],
      secrets: [],
      validate: { kubernetesVersion: undefined, severity: {}, ignore: [], baseline: undefined },
      slo: { errorRate: undefined, p99: undefined, recovery: undefined },
      cutover: {
        bake: 30_000,
        keepOld: 600_000,
        quiet: 1_000,
        failedRequests: 0,
        traffic: {
          component: 'web',
          rate: 50,
          method: 'GET',
          path: '/health',
          headers: {},
          body: undefined,
          connections: 'keep-alive',
          timeout: 2_000,
        },
      },
    });
  });

  test('traffic goes to the first component of the file, on its health path', () => {
    const file = accepted(
      'name: a\ncomponents:\n  zeta: {run: [z], health: {http: /up}}\n  alpha: {run: [a]}\n',
    );
    expect(file.cutover.traffic).toMatchObject({ component: 'zeta', path: '/up' });
  });

  test("traffic to a named component takes that component's health path", () => {
    const file = accepted(
      'name: a\ncomponents:\n  one: {run: [z]}\n  two: {run: [a], health: {http: /up}}\ncutover: {traffic: {component: two}}\n',
    );
    expect(file.cutover.traffic).toMatchObject({ component: 'two', path: '/up' });
  });

  test.each([
    ['nothing', '', '.'],
    ['context', '    context: app\n', 'app'],
    ['build.context', '    build: {context: app}\n', 'app'],
  ])('context from %s', (_, lines, context) => {
    expect(accepted(web + lines).components['web']?.context).toBe(context);
  });
});

describe('values', () => {
  test('keep how they are written where they are texts', () => {
    const env =
      '    env: {A: 1.10, B: 0x1F, C: True, D: 1e3, E: .inf, F: 007, G: 2026-01-02, H: on, I: -0, J: "1"}\n';
    expect(accepted(web + env).components['web']?.env).toEqual({
      A: '1.10',
      B: '0x1F',
      C: 'True',
      D: '1e3',
      E: '.inf',
      F: '007',
      G: '2026-01-02',
      H: 'on',
      I: '-0',
      J: '1',
    });
  });

  test('cannot be changed afterwards', () => {
    const { components } = accepted(web);
    expect(Object.isFrozen(components)).toBe(true);
    expect(Object.isFrozen(components['web']?.health)).toBe(true);
    expect(Object.isFrozen(components['web']?.run)).toBe(true);
  });
});

describe('variables', () => {
  const versioned = `${web}    version: { equals: "v\${release.version}+\${release.sha}" }\n`;

  test('of a release are filled in', () => {
    const release = { version: '1.2.0', sha: 'abc' };
    expect(accepted(versioned, { release }).components['web']?.version?.equals).toBe('v1.2.0+abc');
  });

  test('of a release stay as they are while there is none', () => {
    expect(accepted(versioned).components['web']?.version?.equals).toBe('v${release.version}+${release.sha}');
  });

  test('a release without a commit has no sha', () => {
    const [problem, ...others] = refused(versioned, { release: { version: '1' } });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ line: 5, column: 45, path: 'components/web/version/equals' });
    expect(problem?.message).toBe('the release has no sha');
  });

  test.each([
    [undefined, '${release.version}'],
    [{ version: '2.0' }, '2.0'],
  ])('the version that is expected by default, with release %j', (release, equals) => {
    expect(accepted(`${web}    version: {}\n`, { release }).components['web']?.version).toEqual({
      http: '/version',
      json: 'version',
      equals,
      header: undefined,
    });
  });

  test('are values, never YAML and never variables again', () => {
    const nasty = 'x, y]\nevil: ${env.B}\n# "';
    const file = accepted('name: a\ncomponents:\n  web:\n    run: [node, "${env.A}", \'${env.A}\']\n', {
      env: (name) => (name === 'A' ? nasty : undefined),
    });
    expect(file.components['web']?.run).toEqual(['node', nasty, nasty]);
  });

  const secret = 'hunter2_9F 8e7d';
  test.each([
    'name: ${env.S}\ncomponents: {web: {run: [a]}}',
    'name: a\ncomponents: ${env.S}',
    'name: a\ncomponents: {web: {run: "${env.S}"}}',
    'name: a\ncomponents: {web: {run: [a], port: "${env.S}", drain: "x${env.S}", health: "${env.S}"}}',
    'name: a\ncomponents: {web: {run: [a], health: {http: "${env.S}", interval: "${env.S}"}}}',
    'name: a\ncomponents: {web: {run: [a], context: "/${env.S}"}}',
    'name: a\ncomponents: {web: {run: [a]}}\nenvironments: {local: {target: "${env.S}"}}',
    'name: a\ncomponents: {web: {run: [a]}}\nslo: {error-rate: "${env.S}", p99: "${env.S}"}',
    'name: a\ncomponents: {web: {run: [a]}}\ncutover: {traffic: {component: "${env.S}", rate: "${env.S}", body: "${env.S}"}}',
    'name: a\ncomponents: {web: {run: [a]}}\ncutover: {traffic: {headers: {x: "${env.S}\\n"}}}',
    'name: &x "${env.S}"\ncomponents: {web: {run: [a], port: *x}}',
    '"${env.S}"',
    '- ${env.S}',
  ])('never show in a problem what they hold: %j', (text) => {
    const problems = refused(text, { env: () => secret });
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  test('a shared port from the environment is not shown either', () => {
    const text =
      'name: a\ncomponents:\n  one: {run: [a], port: "${env.S}"}\n  two: {run: [a], port: "${env.S}"}\n';
    const problems = refused(text, { env: () => '54321' });
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('54321');
  });
});

describe('positions of variables', () => {
  const bad = '${env.NOPE}';
  test.each([
    ['plain', `name: ab ${bad}\n`, 1, 10],
    ['single quotes', `name: 'it''s ${bad}'\n`, 1, 14],
    ['double quotes with escapes', `name: "\\u0041\\n ${bad}"\n`, 1, 17],
    ['after an escaped one', `name: $\${x} ${bad}\n`, 1, 13],
    ['after a good one', `name: \${env.OK} ${bad}\n`, 1, 17],
    ['literal block', `name: |\n  one\n  two ${bad}\n`, 3, 7],
    ['folded block with a comment', `name: >- # ${bad}\n  one\n  two ${bad}\n`, 3, 7],
    ['over several lines', `name: one\n  two ${bad}\n`, 2, 7],
    ['CRLF', `# x\r\nname: ${bad}\r\n`, 2, 7],
    ['in a list', `name: [a, "${bad}"]\n`, 1, 12],
    ['with characters beyond the BMP before it', `name: "😀 ${bad}"\n`, 1, 11],
    ['hidden behind an escape', `name: "\\x24{env.NOPE}"\n`, 1, 7],
  ])('%s', (_, text, line, column) => {
    const problems = refused(text, { env: (name) => (name === 'OK' ? 'fine' : undefined) });
    const about = problems.filter(({ message }) => message.includes('NOPE'));
    expect(about).toHaveLength(1);
    expect(about[0]).toMatchObject({ line, column });
  });
});

describe('a variable inside { } or [ ] without quotes', () => {
  test.each([
    ['name: a\nversion: { equals: ${release.version} }\nb: 1\n', 2, 20, '"${release.version}"'],
    ['run: [node, ${env.A}, x]\n', 1, 13, '"${env.A}"'],
    ['run: [${env.A}]\n', 1, 7, '"${env.A}"'],
    ['a: {b: x${env.A}y, c: 1}\n', 1, 9, '"${env.A}"'],
    ['a: {b: ${ }\n', 1, 8, '"${…}"'],
  ])('%j', (text, line, column, allowed) => {
    const message = 'a variable inside { } or [ ] has to stand in quotes';
    expect(refused(text)).toEqual([expect.objectContaining({ line, column, message, allowed })]);
  });
});

describe('problems', () => {
  test('say file, line, column, path, what was given and what is allowed', () => {
    const [problem] = refused(`${web}    port: 80x\n`);
    expect(problem).toEqual({
      file: 'cutover.yml',
      line: 5,
      column: 11,
      path: 'components/web/port',
      message: '"80x" is not a whole number',
      given: '"80x"',
      allowed: 'a whole number from 0 to 65535',
    });
    expect(problem && formatProblem(problem)).toBe(
      'cutover.yml:5:11 components/web/port: "80x" is not a whole number; allowed: a whole number from 0 to 65535',
    );
  });

  test('of a value used through aliases are told for each use, at the place of the value', () => {
    const problems = refused('name: a\ncomponents:\n  a: &a {run: [a], drain: 5}\n  b: *a\n');
    expect(problems.map(({ path, line }) => [path, line])).toEqual([
      ['components/a/drain', 3],
      ['components/b/drain', 3],
    ]);
  });

  test('come in the order of the file, whatever finds them', () => {
    const text = `cutover: {traffic: {component: wbe}}\nname: \${env.X}\nname: b\nslo: 1\n${web.slice(11)}x: 1\n`;
    expect(refused(text).map(({ line, path }) => [line, path])).toEqual([
      [1, 'cutover/traffic/component'],
      [2, 'name'],
      [3, 'name'],
      [4, 'slo'],
      [8, 'x'],
    ]);
  });

  test('of a file without components', () => {
    expect(refused('name: a\ncomponents: {}\n').map(formatProblem)).toEqual([
      'cutover.yml:2:13 components: has no component; allowed: at least one component',
    ]);
  });
});
