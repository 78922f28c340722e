import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cancelled } from '../../src/platform/errors.ts';
import type { RunEvent } from '../../src/platform/events.ts';
import { systemPlatform } from '../../src/platform/platform.ts';
import type { SmokeStageRequest } from '../../src/release/contract.ts';
import { runSmokeStage } from '../../src/release/smoke.ts';
import { Workspace } from '../e2e/support/workspace.ts';
import { serveWeb, type WebServer } from '../support/web-server.ts';

const token = 'hush-hush-token';
const events: RunEvent[] = [];

const base: SmokeStageRequest = {
  configPath: 'cutover.yml',
  environment: undefined,
  stateFolder: undefined,
  reportFolder: undefined,
  origin: 'a test',
  aim: 'live',
  only: [],
  version: undefined,
  url: undefined,
  expectStatus: undefined,
};

const smoke = (request: Partial<SmokeStageRequest>, signal = new AbortController().signal) => {
  const platform = systemPlatform((event) => events.push(event));
  const env = (name: string) => (name === 'SHOP_TOKEN' ? token : platform.env(name));
  return runSmokeStage({ ...base, ...request }, { ...platform, env }, signal);
};

/** Everything that was written below a folder. */
async function writtenIn(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = files.filter((entry) => entry.isFile());
  const texts = await Promise.all(plain.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  return texts.join('\n');
}

describe('an address', () => {
  let server: WebServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutover-smoke-'));
    server = await serveWeb((request, response) => {
      response.statusCode = request.url?.startsWith('/broken') ? 500 : 204;
      response.end();
    });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const at = (path: string, more: Partial<SmokeStageRequest> = {}) =>
    smoke({ url: `${server.origin}${path}`, reportFolder: folder, ...more });

  test('that answers as it must passes, with a record and a JUnit file', async () => {
    const { verdict, outputs, paths } = await at('/health', { expectStatus: '204' });
    expect(outputs).toEqual({
      ...{ verdict: 'passed', checks: '1', passed: '1', failed: '0', inconclusive: '0', flaky: '0' },
      ...{ record: paths?.record, report: paths?.report, junit: paths?.junit },
    });
    expect(verdict).toBe('passed');
    const record = JSON.parse(await readFile(String(paths?.record), 'utf8'));
    expect(record).toMatchObject({ target: 'url', smoke: [{ aim: `${server.origin}/health` }] });
    expect(await readFile(String(paths?.junit), 'utf8')).toContain('name="check answers"');
  });

  test('that answers otherwise fails', async () => {
    const { verdict, record } = await at('/health', { expectStatus: '200' });
    expect(verdict).toBe('failed');
    expect(record?.smoke?.[0]?.checks).toMatchObject([{ finding: 'unhealthy', verdict: 'failed' }]);
  }, 20_000);

  test('that cannot be reached from here says nothing about the service', async () => {
    const { verdict, outputs } = await smoke({ url: 'http://nowhere.invalid/', reportFolder: folder });
    expect([verdict, outputs['failed'], outputs['inconclusive']]).toEqual(['inconclusive', '0', '1']);
  }, 20_000);

  test('keeps its password and what its query says to itself', async () => {
    const url = `http://user:pass-word-1@${server.host}/broken?key=query-key-1`;
    const { verdict } = await smoke({ url, reportFolder: join(folder, 'secret') });
    expect(verdict).toBe('failed');
    const told = `${await writtenIn(join(folder, 'secret'))}${JSON.stringify(events)}`;
    expect(told).toContain(server.host);
    expect(told).not.toMatch(/pass-word-1|query-key-1/);
  }, 20_000);

  test.each<[string, Partial<SmokeStageRequest>, RegExp]>([
    ['no address', { url: 'shop.example' }, /not an http/],
    ['a status that is none', { url: 'http://a/', expectStatus: '2xx' }, /not a status/],
    ['checks of a file', { url: 'http://a/', only: ['x'] }, /no checks to choose from/],
    ['a version', { url: 'http://a/', version: 'v1' }, /no version to compare/],
    ['a status without an address', { expectStatus: '200' }, /of no use without url/],
  ])('%s is refused before anything is asked', async (_, request, message) => {
    await expect(smoke({ reportFolder: folder, ...request })).rejects.toThrow(message);
    await expect(smoke({ reportFolder: folder, ...request })).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('a cancelled run ends with what it has', async () => {
    const controller = new AbortController();
    const running = smoke({ url: `${server.origin}/broken`, reportFolder: folder }, controller.signal);
    controller.abort(new Cancelled('cancelled by a test'));
    const { verdict, record } = await running;
    expect([verdict, record?.smoke?.[0]?.checks[0]?.verdict]).toEqual(['cancelled', 'cancelled']);
  });
});

describe('a release', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await Workspace.create(`  bake: 500ms
  traffic: { rate: 20/s, path: / }
smoke:
  - { name: first, http: /version, json: { $.version: { equals: "\${release.version}" } } }
  - { name: second, http: /, needs: [first], headers: { authorization: "Bearer \${env.SHOP_TOKEN}" } }
  - { name: third, http: "/?\${env.SHOP_TOKEN}", status: 418, retry-for: 0s, on: standby }`);
    process.env['SHOP_TOKEN'] = token;
    await workspace.cli(['apply', '--version', 'v1', '--skip', 'smoke']);
    await workspace.cli(['apply', '--version', 'v2', '--skip', 'smoke']);
  }, 60_000);
  afterAll(async () => {
    delete process.env['SHOP_TOKEN'];
    await workspace.remove();
  });
  const configPath = () => join(workspace.folder, 'cutover.yml');
  const checked = async (request: Partial<SmokeStageRequest>) => {
    const outcome = await smoke({ configPath: configPath(), ...request });
    const checks = outcome.record?.smoke?.[0]?.checks ?? [];
    return { ...outcome, verdicts: Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])) };
  };

  test('is asked for the version that runs at the aim, which is what ${release.version} is', async () => {
    const live = await checked({});
    expect(live.verdicts).toEqual({ 'version of app': 'passed', first: 'passed', second: 'passed' });
    expect(live.record?.release.version).toBe('v2');
    const standby = await checked({ aim: 'standby' });
    expect(standby.verdicts).toMatchObject({ 'version of app': 'passed', first: 'passed', third: 'failed' });
    expect(standby.record?.release.version).toBe('v1');
  }, 30_000);

  test('fails where another version than the one that was named answers', async () => {
    const { verdict, record } = await checked({ version: 'v9', only: ['second'] });
    expect(verdict).toBe('failed');
    expect(record?.smoke?.[0]?.checks[0]).toMatchObject({ finding: 'wrong-version' });
  }, 30_000);

  test('is checked by those that are named, and by what they need', async () => {
    expect((await checked({ only: ['second'] })).verdicts).toEqual({
      'version of app': 'passed',
      first: 'passed',
      second: 'passed',
    });
    expect((await checked({ only: ['first'] })).verdicts).not.toHaveProperty('second');
    await expect(smoke({ configPath: configPath(), only: ['secnd'] })).rejects.toMatchObject({
      name: 'UsageError',
      message: 'there is no check "secnd", did you mean "second"?: first, second, third',
    });
  }, 30_000);

  test('leaves nothing of its secrets in the record, the reports and what is told', async () => {
    const reportFolder = join(workspace.folder, 'told');
    await checked({ aim: 'standby', reportFolder });
    const told = `${await writtenIn(reportFolder)}${JSON.stringify(events)}`;
    expect(told).toContain('third');
    expect(told).not.toContain(token);
  }, 30_000);

  test('whose version nobody can ask for is not said to be of one', async () => {
    const file = join(workspace.folder, 'unversioned.yml');
    const text = await readFile(configPath(), 'utf8');
    await writeFile(file, text.replace(/^ {4}version: \{.*\n/m, ''));
    await expect(smoke({ configPath: file, version: 'v2' })).rejects.toThrow(/how to ask for the version/);
  });

  test('that the file does not know is told with the place', async () => {
    const file = join(workspace.folder, 'of-a-commit.yml');
    const text = await readFile(configPath(), 'utf8');
    await writeFile(file, text.replace('http: /version, json', 'http: "/${release.sha}", json'));
    const { verdict, problems } = await smoke({ configPath: file });
    expect([verdict, problems.map(({ path }) => path)]).toEqual(['failed', ['smoke/0/http']]);
  });
});
