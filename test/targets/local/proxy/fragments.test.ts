import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closeAll, httpBackend, proxyTo, RawClient } from './support.ts';

let port = 0;

beforeAll(async () => {
  // Answers with what it understood.
  const { port: backend } = await httpBackend((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method, url, headers, trailers } = request;
      response.sendDate = false;
      response.end(JSON.stringify([method, url, headers['host'], headers['x-mark'] ?? '-', body, trailers]));
    });
  });
  ({ port } = await proxyTo([backend]));
});
afterAll(closeAll);

const requests = Buffer.from(
  'POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-Mark: 1\r\n\r\n3;e=1\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n' +
    '\r\nPOST /b HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, x-mark\r\nX-Mark: 2\r\nContent-Length: 6\r\n\r\nfg\r\n\r\n' +
    'GET http://y/c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'latin1',
);

async function send(cuts: readonly number[]): Promise<string> {
  const client = new RawClient(port);
  client.socket.setNoDelay(true);
  const places = [...new Set([0, ...cuts, requests.length])].sort((a, b) => a - b);
  for (const [index, from] of places.entries()) {
    client.send(requests.toString('latin1', from, places[index + 1] ?? from));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return client.all();
}

test('requests in any fragments are understood the same', async () => {
  const whole = await send([]);
  expect(whole.match(/\[.*\]/g)).toEqual([
    '["POST","/a","x","1","abcde",{"t":"v"}]',
    '["POST","/b","x","-","fg\\r\\n\\r\\n",{}]',
    '["GET","/c","y","-","",{}]',
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(requests.length), { maxLength: 8 }), async (cuts) => {
      expect(await send(cuts)).toBe(whole);
    }),
    { numRuns: 60 },
  );
});
