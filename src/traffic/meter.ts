import { Worker } from 'node:worker_threads';
import { entryUrl } from '../platform/entries.ts';
import { UserError } from '../platform/errors.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { Meter, MeterPlan, MeterReport, MeterSection, TrafficWindow } from './report.ts';
import { requestTemplate } from './request-template.ts';
import type { Failure, Totals } from './tally.ts';
import { WindowSeries } from './window-series.ts';

/** Sections of one run; each holds a histogram of some hundred kilobytes. */
const mostSections = 100;

type Answer = Extract<FromWorker, { id: number }>;

/**
 * Starts a meter in a worker thread; resolves when it sends. The thread keeps the process alive only while one of the
 * meter's promises is pending.
 * @param entry the thread's program, for tests of its death
 * @throws UserError when the plan cannot be carried out
 */
export async function startMeter(plan: MeterPlan, entry: URL = entryUrl('meter')): Promise<Meter> {
  checkPlan(plan);
  const meter = new WorkerMeter(plan, entry);
  await meter.started;
  return meter;
}

function checkPlan(plan: MeterPlan): void {
  requestTemplate(plan)(1);
  const { rate, maxConnections, timeoutMs, durationMs, rampMs = 0 } = plan;
  if (rate !== 'max' && !(rate > 0 && rate <= 1_000_000))
    throw new UserError(`the meter's rate has to be above 0 and at most 1,000,000 a second, not ${rate}`);
  if (!Number.isInteger(maxConnections) || maxConnections < 1)
    throw new UserError(`the meter needs at least one connection, not ${maxConnections}`);
  if (!(timeoutMs > 0 && timeoutMs <= 3_600_000))
    throw new UserError(`the meter's timeout has to be above 0 and at most an hour, not ${timeoutMs} ms`);
  if (!(rampMs >= 0 && rampMs <= 86_400_000))
    throw new UserError(`the meter's ramp has to be from 0 to a day, not ${rampMs} ms`);
  if (durationMs !== undefined && !(durationMs > 0))
    throw new UserError(`the meter's duration has to be above 0, not ${durationMs} ms`);
}

class WorkerMeter implements Meter {
  readonly started: Promise<void>;
  readonly #plan: MeterPlan;
  readonly #worker: Worker;
  readonly #series = new WindowSeries();
  readonly #windowListeners: ((window: TrafficWindow) => void)[] = [];
  readonly #failureListeners: ((failure: Failure) => void)[] = [];
  readonly #pending = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #starting = Promise.withResolvers<void>();
  #startedAt = 0;
  #asked = 0;
  #marks = 0;
  #death: Error | undefined;
  #stopped: Promise<MeterReport> | undefined;

  constructor(plan: MeterPlan, entry: URL) {
    this.#plan = plan;
    this.started = this.#starting.promise;
    // Options of this process (`--import`, `--eval`) are not the thread's.
    this.#worker = new Worker(entry, { workerData: plan, name: 'meter', execArgv: [] });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (cause) => this.#died(new Error('the meter thread failed', { cause })));
    this.#worker.on('exit', (code) => this.#died(new Error(`the meter thread ended with code ${code}`)));
  }

  onWindow(listener: (window: TrafficWindow) => void): void {
    this.#windowListeners.push(listener);
  }

  onFailure(listener: (failure: Failure) => void): void {
    this.#failureListeners.push(listener);
  }

  mark(name: string): void {
    this.#marks += 1;
    if (this.#marks >= mostSections) throw new Error(`a meter has at most ${mostSections} sections`);
    this.#tell({ type: 'mark', name });
  }

  allowVersions(versions: readonly string[] | undefined): void {
    this.#tell({ type: 'allow', versions });
  }

  async sections(): Promise<readonly MeterSection[]> {
    if (this.#stopped) return (await this.#stopped).sections;
    const answer = await this.#ask('sections');
    return answer.type === 'sections' ? answer.sections : [];
  }

  async snapshot(): Promise<MeterReport> {
    return this.#stopped ?? this.#reportOf(await this.#ask('totals'));
  }

  stop(): Promise<MeterReport> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<MeterReport> {
    const report = this.#reportOf(await this.#ask('stop'));
    this.#death = new Error('the meter was stopped');
    await this.#worker.terminate();
    return report;
  }

  #tell(message: ToWorker): void {
    if (!this.#death) this.#worker.postMessage(message);
  }

  async #ask(what: Extract<ToWorker, { type: 'ask' }>['what']): Promise<Answer> {
    if (this.#death) throw this.#death;
    this.#asked += 1;
    const answer = Promise.withResolvers<Answer>();
    this.#pending.set(this.#asked, answer);
    this.#worker.ref();
    this.#tell({ type: 'ask', id: this.#asked, what });
    return answer.promise;
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'started':
        this.#startedAt = message.startedAt;
        this.#worker.unref();
        this.#starting.resolve();
        break;
      case 'refused':
        this.#died(new UserError(message.message));
        break;
      case 'windows':
        for (const samples of message.windows) this.#publish(this.#series.add(samples));
        break;
      case 'failures':
        for (const failure of message.failures) for (const listen of this.#failureListeners) listen(failure);
        break;
      default:
        this.#settle(message);
    }
  }

  #publish(window: TrafficWindow): void {
    for (const listen of this.#windowListeners) listen(window);
  }

  #settle(answer: Answer): void {
    this.#pending.get(answer.id)?.resolve(answer);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker.unref();
  }

  #died(error: Error): void {
    this.#death ??= error;
    this.#starting.reject(this.#death);
    for (const { reject } of this.#pending.values()) reject(this.#death);
    this.#pending.clear();
  }

  #reportOf(answer: Answer): MeterReport {
    const totals: Totals | undefined = answer.type === 'totals' ? answer.totals : undefined;
    if (!totals) throw new Error(`the meter thread answered with ${answer.type}`);
    const { mode, rate } = this.#plan;
    return {
      mode,
      rate: rate === 'max' ? (totals.sent * 1_000) / totals.durationMs : rate,
      startedAt: this.#startedAt,
      ...totals,
      windowMs: this.#series.windowMs,
      windows: this.#series.windows(),
    };
  }
}
