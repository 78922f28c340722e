/** The meter's thread: sends, counts, and answers the main thread. Its plan is the worker data. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import { dialFor } from './dial.ts';
import { Generator } from './generator.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { MeterPlan } from './report.ts';

const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

function run(generator: Generator): void {
  parentPort?.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'mark':
        generator.mark(message.name);
        break;
      case 'allow':
        generator.allowVersions(message.versions);
        break;
      case 'ask':
        answer(generator, message);
    }
  });
  generator.start();
  post({ type: 'started', startedAt: systemClock.now() });
}

function answer(generator: Generator, { id, what }: Extract<ToWorker, { type: 'ask' }>): void {
  const totals = (): void => post({ type: 'totals', id, totals: generator.totals() });
  switch (what) {
    case 'sections':
      post({ type: 'sections', id, sections: generator.sections() });
      break;
    case 'totals':
      totals();
      break;
    case 'stop':
      generator.stop();
      void generator.done.then(totals);
  }
}

async function generatorOf(plan: MeterPlan): Promise<Generator | undefined> {
  try {
    return new Generator(plan, await dialFor(plan), {
      windows: (windows) =>
        post(
          { type: 'windows', windows },
          windows.map((one) => one.latenciesUs.buffer as ArrayBuffer),
        ),
      failures: (failures) => post({ type: 'failures', failures }),
    });
  } catch (error) {
    post({ type: 'refused', message: messageOf(error) });
    return undefined;
  }
}

async function main(plan: MeterPlan): Promise<void> {
  const generator = await generatorOf(plan);
  if (generator) run(generator);
}

void main(workerData as MeterPlan);
