import type { HttpRequest } from '../../src/platform/http.ts';
import type { FakeAnswer } from '../support/fake-http.ts';

/** A service that keeps numbered writes, and what can go wrong with it. */
export class FakeStore {
  /** Numbers in the order in which they are listed. */
  kept: number[] = [];
  /** What becomes of a write that is answered with 201, by its place from 0. */
  fate: (place: number) => 'kept' | 'lost' | 'twice' | 'first' | 'unanswered' = () => 'kept';
  /** What the list answers; undefined: what is kept. */
  list: FakeAnswer | undefined;
  #writes = 0;

  answer({ url, method = 'GET', body = '' }: HttpRequest): FakeAnswer | undefined {
    const { pathname } = new URL(url);
    if (pathname === '/writes' && method === 'POST') return this.#write(JSON.parse(body).id);
    if (pathname === '/writes')
      return this.list ?? { body: JSON.stringify({ items: this.kept.map((id) => ({ id })) }) };
    const [, one] = /^\/writes\/(\d+)$/.exec(pathname) ?? [];
    if (one !== undefined) return this.#one(Number(one));
    const [, name] = /^\/named\/w%20(\d+)$/.exec(pathname) ?? [];
    if (name !== undefined) return this.#one(Number(name));
    return { body: 'ok' };
  }

  #one(n: number): FakeAnswer {
    return this.kept.includes(n) ? { body: JSON.stringify({ number: n }) } : { status: 404 };
  }

  #write(n: number): FakeAnswer {
    const fate = this.fate(this.#writes);
    this.#writes += 1;
    if (fate === 'first') this.kept.unshift(n);
    else if (fate !== 'lost') this.kept.push(n);
    if (fate === 'twice') this.kept.push(n);
    return fate === 'unanswered' ? 'ECONNRESET' : { status: 201, body: JSON.stringify({ name: `w ${n}` }) };
  }
}
