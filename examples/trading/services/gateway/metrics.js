const bucketsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** A cumulative histogram in the shape that Prometheus reads. */
class Histogram {
  #counts = bucketsSeconds.map(() => 0);
  #count = 0;
  #sum = 0;

  observe(seconds) {
    this.#count += 1;
    this.#sum += seconds;
    const index = bucketsSeconds.findIndex((limit) => seconds <= limit);
    if (index !== -1) this.#counts[index] += 1;
  }

  lines(name) {
    let cumulative = 0;
    const buckets = bucketsSeconds.map((limit, index) => {
      cumulative += this.#counts[index];
      return `${name}_bucket{le="${limit}"} ${cumulative}`;
    });
    return [
      ...buckets,
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ];
  }
}

/** What the gateway counts, printed in the Prometheus text format 0.0.4. */
export class Metrics {
  #answers = new Map();
  #duration = new Histogram();
  #sync = new Histogram();
  #written = 0;
  #release;
  #gauges;

  /**
   * @param {{ version: string }} release
   * @param {{ clients: () => number }} gauges read when the metrics are printed
   */
  constructor(release, gauges) {
    this.#release = release;
    this.#gauges = gauges;
  }

  /** Counts one answered request. `route` is a pattern, never a path, so that the number of series stays small. */
  answered({ method, route, status, seconds }) {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    this.#answers.set(labels, (this.#answers.get(labels) ?? 0) + 1);
    this.#duration.observe(seconds);
  }

  /** Counts one write of the order log. */
  synced(seconds, orders) {
    this.#sync.observe(seconds);
    this.#written += orders;
  }

  print() {
    const answers = [...this.#answers].map(
      ([labels, count]) => `gateway_http_requests_total{${labels}} ${count}`,
    );
    return [
      ...family('gateway_info', 'gauge', 'The running release.', [
        `gateway_info{version="${escapeLabel(this.#release.version)}"} 1`,
      ]),
      ...family('gateway_http_requests_total', 'counter', 'Answered requests.', answers),
      ...family(
        'gateway_http_request_duration_seconds',
        'histogram',
        'Time to answer.',
        this.#duration.lines('gateway_http_request_duration_seconds'),
      ),
      ...family('gateway_orders_written_total', 'counter', 'Orders on disk.', [
        `gateway_orders_written_total ${this.#written}`,
      ]),
      ...family(
        'gateway_order_log_sync_seconds',
        'histogram',
        'Time of one write with fdatasync.',
        this.#sync.lines('gateway_order_log_sync_seconds'),
      ),
      ...family('gateway_tick_clients', 'gauge', 'Connected WebSockets.', [
        `gateway_tick_clients ${this.#gauges.clients()}`,
      ]),
      ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      ]),
      '',
    ].join('\n');
  }
}

const family = (name, type, help, lines) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];

const escapeLabel = (value) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
