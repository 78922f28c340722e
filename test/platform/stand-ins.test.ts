import * as realExec from '@actions/exec';
import { HttpClient } from '@actions/http-client';
import { expect, test } from '@jest/globals';
import * as standInExec from '../../scripts/stand-ins/exec.js';
import { methods, HttpClient as StandIn } from '../../scripts/stand-ins/http-client.js';

test('the HTTP client that stands in has every method that answers with a promise', () => {
  const synchronous = [
    'constructor',
    'dispose',
    'requestRaw',
    'requestRawWithCallback',
    'getAgent',
    'getAgentDispatcher',
  ];
  const real = Object.getOwnPropertyNames(HttpClient.prototype).filter((name) => !name.startsWith('_'));
  expect([...methods].sort()).toEqual(real.filter((name) => !synchronous.includes(name)).sort());
  for (const method of methods) expect(StandIn.prototype[method]).toBeInstanceOf(Function);
});

test('exec has the same functions', () => {
  expect(Object.keys(standInExec).sort()).toEqual(Object.keys(realExec).sort());
});
