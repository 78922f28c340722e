import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readReleaseFile } from '../../src/config/read.ts';
import { systemPlatform } from '../../src/platform/platform.ts';
import { checksForUrl, targetAim, urlAim } from '../../src/smoke/aim.ts';
import { runSmoke } from '../../src/smoke/run.ts';
import type { Release, Target } from '../../src/targets/target.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakeTarget, fakeWorld } from '../support/fake-target.ts';
import { closeAll, listen } from './fixtures/smoke.ts';

afterAll(closeAll);

const text = `
name: trading
components:
  gateway: { run: [node, a.js], version: { http: /v } }
  ledger: { run: [node, b.js] }
`;
const read = readReleaseFile(text, { file: 'cutover.yml', folder: '/', env: () => undefined });
if (!read.ok) throw new Error('the file of this test is wrong');
const { components } = read.file;

const release = (version: string): Release => ({
  id: `${version}-abc`,
  version,
  sha: undefined,
  artifacts: {},
});

/** Blue is live with 1.0, green stands by with 1.1. */
async function target(): Promise<Target> {
  const world = fakeTarget(fakeWorld(), fakeClock());
  const lease = await world.lease.acquire({ holder: 'test', ttlMs: 60_000 });
  const { token } = lease;
  for (const component of Object.values(components)) {
    const common = { component, instances: 1, token };
    await world.prepare({ ...common, color: 'blue', release: release('1.0') });
    await world.route(component.name).switchTo('blue', { expecting: 0, token });
    await world.prepare({ ...common, color: 'green', release: release('1.1') });
  }
  return world;
}

describe('a target', () => {
  test('live: through the route, and the version that the target remembers', async () => {
    const aim = await targetAim({ target: await target(), components, what: 'live' });
    expect(aim).toMatchObject({ what: 'live', label: 'live', component: 'gateway', color: 'blue' });
    expect(await aim.origin('ledger')).toBe('http://live.ledger.test');
    expect(aim.versions).toMatchObject({ gateway: { http: '/v', equals: '1.0' } });
    expect(Object.keys(aim.versions)).toEqual(['gateway']);
    expect(await aim.instances('gateway')).toMatchObject([{ id: 'gateway/blue-1' }]);
  });

  test('standby: the other colour', async () => {
    const aim = await targetAim({ target: await target(), components, what: 'standby' });
    expect(aim.color).toBe('green');
    expect(await aim.origin('gateway')).toBe('http://green.gateway.test');
    expect(aim.versions).toMatchObject({ gateway: { equals: '1.1' } });
    expect(await aim.instances('ledger')).toMatchObject([{ id: 'ledger/green-1' }]);
  });

  test('the version that is asked for comes before the one that the target remembers', async () => {
    const aim = await targetAim({ target: await target(), components, what: 'live', version: '2.0' });
    expect(aim.versions).toMatchObject({ gateway: { equals: '2.0' } });
  });

  test('where nothing runs there is nothing to aim at', async () => {
    const empty = fakeTarget(fakeWorld(), fakeClock());
    await expect(targetAim({ target: empty, components, what: 'live' })).rejects.toThrow(
      'no live release of gateway',
    );
  });
});

describe('an address', () => {
  test.each([
    ['https://shop.example/', 'https://shop.example'],
    ['http://127.0.0.1:8000/base/', 'http://127.0.0.1:8000/base'],
    ['https://user:secret@shop.example', 'https://shop.example'],
  ])('%s', async (url, origin) => {
    const aim = urlAim(url);
    expect(aim).toMatchObject({ what: 'url', label: origin, component: undefined, versions: {} });
    expect(await aim.origin(undefined)).toBe(origin);
  });

  test.each(['shop.example', 'ftp://shop.example', '', 'http://'])('%j is none', (url) => {
    expect(() => urlAim(url)).toThrow('is not an http:// or https:// URL');
    expect(() => checksForUrl({ url })).toThrow('is not an http:// or https:// URL');
  });

  test('a fragment is not sent, and a URL without end is refused', () => {
    expect(checksForUrl({ url: 'http://a.example/x#y' })).toMatchObject([
      { spec: { http: 'http://a.example/x' } },
    ]);
    expect(() => checksForUrl({ url: `http://a.example/${'x'.repeat(3_000)}` })).toThrow('is not an http');
  });

  test.each(['2000', 'ok', '200;201', '099'])('%j is no status', (expectStatus) => {
    expect(() => checksForUrl({ url: 'http://a.example', expectStatus })).toThrow(/^expect-status: /);
  });

  test.each([
    ['', 'passed'],
    ['200', 'passed'],
    ['201, 200', 'passed'],
    ['404', 'failed'],
  ])('with expect-status %j is %s', async (expectStatus, verdict) => {
    const url = `http://127.0.0.1:${await listen(createServer((_, response) => response.end('hi')))}/x`;
    const checks = checksForUrl({ url, expectStatus }).map((check) => ({ ...check, retryForMs: 0 }));
    const request = {
      checks,
      aim: urlAim(url),
      folder: '/',
      secrets: [],
      startMeter: () => Promise.reject(new Error('no')),
    };
    const outcome = await runSmoke({ ...request, platform: systemPlatform(() => {}) });
    expect(outcome).toMatchObject({ verdict, evidence: { checks: [{ name: 'answers', kind: 'http' }] } });
  });
});
