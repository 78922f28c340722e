import type { Http, HttpAnswer, HttpRequest } from '../../src/platform/http.ts';

export interface FakeHttp extends Http {
  /** Every request, in order. */
  readonly requests: HttpRequest[];
}

/** What a URL answers: an answer, or a string that is the code of a system error (`ECONNREFUSED`). */
export type FakeAnswer = Partial<HttpAnswer> | string;

/** Answers without a network. A URL that `answer` does not know refuses the connection. */
export function fakeHttp(answer: (request: HttpRequest) => FakeAnswer | undefined): FakeHttp {
  const requests: HttpRequest[] = [];
  return {
    requests,
    send: async (request) => {
      request.signal?.throwIfAborted();
      requests.push(request);
      const given = answer(request) ?? 'ECONNREFUSED';
      if (typeof given === 'string') {
        throw Object.assign(new Error(`connect ${given} ${request.url}`), { code: given });
      }
      return { status: 200, headers: {}, body: '', ms: 1, ...given };
    },
  };
}
