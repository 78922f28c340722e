/**
 * Answers after a delay that its request's number decides, so that the percentiles are known: of 1,000 requests 800 take
 * 2 ms, 150 take 10 ms, 45 take 40 ms and 5 take 100 ms, well mixed. Prints its port, and on SIGTERM the percentiles of the
 * delays as it really kept them, from the request's arrival to the answer's write.
 */
import { createServer } from 'node:http';

const plan = Array.from({ length: 1_000 }, (_, n) => (n < 800 ? 2 : n < 950 ? 10 : n < 995 ? 40 : 100));
/** A step that has no divisor in common with 1,000 visits each place once. */
const delayOf = (n) => plan[(n * 619) % 1_000];
const kept = [];
let served = 0;

const server = createServer((request, response) => {
  const began = performance.now();
  const due = began + delayOf(served);
  served += 1;
  request.resume();
  const answer = () => {
    kept.push(performance.now() - began);
    response.end('ok\n');
  };
  // A timer may be a millisecond late; the last one is waited for in small steps.
  const wait = () => (performance.now() >= due ? answer() : setImmediate(wait));
  setTimeout(wait, Math.max(0, due - performance.now() - 1.5));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', () => {
  const sorted = kept.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  console.log(
    JSON.stringify({ requests: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999) }),
  );
  process.exit(0);
});
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 500);
