import { describe, expect, test } from '@jest/globals';
import { actionEnd } from '../../src/actions/perform.ts';
import { releaseRequest } from '../../src/actions/request.ts';
import type { ReleaseOutcome } from '../../src/release/contract.ts';

const context = {
  repository: 'acme/trading',
  sha: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  runUrl: 'https://github.com/acme/trading/actions/runs/1',
};

const place = {
  file: 'cutover.yml',
  environment: undefined,
  'state-folder': undefined,
  'report-folder': undefined,
};

const request = releaseRequest({ ...place, mode: 'apply' }, context);

const outcome = (parts: Partial<ReleaseOutcome>): ReleaseOutcome => ({
  verdict: 'passed',
  record: undefined,
  paths: undefined,
  outputs: {},
  problems: [],
  ...parts,
});

describe('releaseRequest', () => {
  test('takes the commit of the workflow unless another one is given', () => {
    expect(request.sha).toBe(context.sha);
    expect(releaseRequest({ ...place, mode: 'apply', sha: 'abc' }, context).sha).toBe('abc');
    expect(releaseRequest({ ...place, mode: 'apply' }, { ...context, sha: '' }).sha).toBeUndefined();
  });

  test('says where it runs and how an interrupted run is resumed', () => {
    expect(request.origin).toBe(context.runUrl);
    expect(request.resume).toBe('cutover recover');
    const given = {
      ...place,
      file: "it's.yml",
      environment: 'production',
      'state-folder': '/var/a b',
      mode: 'apply' as const,
    };
    expect(releaseRequest(given, context).resume).toBe(
      `cutover recover --file 'it'\\''s.yml' --environment production --state-folder '/var/a b'`,
    );
  });

  test('is careful by default', () => {
    expect(request).toMatchObject({ allowOlder: 'no', bakeMs: undefined, version: undefined });
  });
});

describe('actionEnd', () => {
  test('problems of the release file become annotations at their place', async () => {
    const problem = {
      file: 'cutover.yml',
      line: 3,
      column: 9,
      path: 'components/gateway/port',
      message: '"80x" is not a whole number',
      given: '80x',
      allowed: 'a whole number from 0 to 65535',
    };
    const end = await actionEnd(outcome({ verdict: 'failed', problems: [problem] }), request);
    expect(end.text).toBe('cutover.yml cannot be used: 1 problem');
    expect(end.annotations).toEqual([
      {
        level: 'error',
        text: 'components/gateway/port: "80x" is not a whole number; allowed: a whole number from 0 to 65535',
        place: { file: 'cutover.yml', line: 3, column: 9 },
      },
    ]);
  });

  test('a cancelled run names the resume command', async () => {
    const end = await actionEnd(outcome({ verdict: 'cancelled' }), request);
    expect(end.text).toMatch(/\nnext: cutover recover$/);
  });
});
