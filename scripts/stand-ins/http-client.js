/**
 * Stands in for @actions/http-client in the bundles. The real one loads undici, which costs more start-up time than
 * all the rest of an action, and is only needed for OIDC tokens and downloads; so it is loaded with the first request.
 * It has the methods that answer with a promise; the others (agents, callbacks) have no caller here.
 */
export const methods = [
  'options',
  'get',
  'del',
  'post',
  'patch',
  'put',
  'head',
  'sendStream',
  'getJson',
  'postJson',
  'putJson',
  'patchJson',
  'request',
];

export class HttpClient {
  #options;
  #client;

  constructor(...options) {
    this.#options = options;
  }

  async call(method, values) {
    const { HttpClient: Client } = await import('the-real/http-client');
    this.#client ??= new Client(...this.#options);
    return this.#client[method](...values);
  }

  dispose() {
    this.#client?.dispose();
  }
}

for (const method of methods) {
  HttpClient.prototype[method] = function (...values) {
    return this.call(method, values);
  };
}
