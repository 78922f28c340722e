import type { Color } from '../../../target.ts';
import type { FaultCounts, ProxyFault } from './fault.ts';

interface Run {
  fault: ProxyFault;
  counts: FaultCounts;
}

/** The faults of one proxy, by colour. */
export class Faults {
  private readonly runs: Record<Color, readonly Run[]> = { blue: [], green: [] };

  set(color: Color, faults: readonly ProxyFault[]): void {
    this.runs[color] = faults.map((fault) => ({ fault, counts: { touched: 0, passedBytes: 0 } }));
  }

  counts(id: string): FaultCounts | undefined {
    const runs = [...this.runs.blue, ...this.runs.green];
    return runs.find(({ fault }) => fault.id === id)?.counts;
  }
}
