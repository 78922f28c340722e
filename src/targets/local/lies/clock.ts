import { ServerResponse } from 'node:http';

/**
 * Loaded into a component's Node before its own program (`--import`): shifts what `Date` calls now by `CUTOVER_LIE_CLOCK_MS`,
 * also in the `Date` header of HTTP/1 answers. Monotonic time, timers and the time stamps of files stay true.
 */
const offsetMs = Number(process.env['CUTOVER_LIE_CLOCK_MS'] ?? 0);

if (Number.isFinite(offsetMs) && offsetMs !== 0) {
  shiftDate();
  shiftDateHeaders();
  // It is for programs that shift their clock themselves, and once is enough.
  delete process.env['CUTOVER_CLOCK_OFFSET_MS'];
}

function shiftDate(): void {
  const RealDate = Date;
  const realNow = Date.now;
  const now = () => realNow() + offsetMs;
  const Shifted: DateConstructor = new Proxy(RealDate, {
    construct: (target, args, asked) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, asked === Shifted ? target : asked),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = Shifted;
  globalThis.Date = Shifted;
}

/** Node took the true `Date` for its headers before we came; a header that is there it leaves alone. */
function shiftDateHeaders(): void {
  const writeHead = ServerResponse.prototype.writeHead;
  ServerResponse.prototype.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    if (this.sendDate && !this.headersSent && !this.hasHeader('date')) {
      this.setHeader('Date', new Date().toUTCString());
    }
    return Reflect.apply(writeHead, this, args);
  } as typeof writeHead;
}
