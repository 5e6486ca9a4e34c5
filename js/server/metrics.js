/** How is the server doing? Counters in Prometheus' text format; never a label that names a person or a code. */

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** @param {Record<string, string | number>} labels */
const written = (labels) => {
  let parts = '';
  for (const name in labels) {
    const value = String(labels[name]);
    const safe = SIGN.test(value) ? value.replace(SIGNS, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`)) : value;
    parts += `${parts ? ',' : '{'}${name}="${safe}"`;
  }
  return parts && `${parts}}`;
};
const SIGN = /[\\"\n]/;
const SIGNS = /[\\"\n]/g;

export class Metrics {
  /** @type {Map<string, { help: string, type: 'counter' | 'gauge', values: Map<string, number> }>} */
  #numbers = new Map();
  /** @type {Map<string, { help: string, series: Map<string, { labels: Record<string, string | number>, buckets: number[], sum: number, count: number }> }>} */
  #times = new Map();

  /** @param {string} name @param {string} help @param {'counter' | 'gauge'} type */
  #number(name, help, type) {
    let number = this.#numbers.get(name);
    if (!number) this.#numbers.set(name, (number = { help, type, values: new Map() }));
    return number.values;
  }

  /**
   * @param {string} name
   * @param {string} help
   * @param {Record<string, string | number>} [labels]
   * @param {number} [by]
   */
  count(name, help, labels = {}, by = 1) {
    const values = this.#number(name, help, 'counter');
    const key = written(labels);
    values.set(key, (values.get(key) ?? 0) + by);
  }

  /** @param {string} name @param {string} help @param {number} value @param {Record<string, string | number>} [labels] */
  set(name, help, value, labels = {}) {
    this.#number(name, help, 'gauge').set(written(labels), value);
  }

  /** @param {string} name @param {string} help @param {Record<string, string | number>} labels @param {number} seconds */
  time(name, help, labels, seconds) {
    let times = this.#times.get(name);
    if (!times) this.#times.set(name, (times = { help, series: new Map() }));
    const key = written(labels);
    let series = times.series.get(key);
    if (!series) times.series.set(key, (series = { labels, buckets: BOUNDS.map(() => 0), sum: 0, count: 0 }));
    series.sum += seconds;
    series.count += 1;
    for (const [place, bound] of BOUNDS.entries()) if (seconds <= bound) series.buckets[place] += 1;
  }

  /** All of it as text. */
  text() {
    const lines = [];
    for (const [name, { help, type, values }] of this.#numbers) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`);
    }
    for (const [name, { help, series }] of this.#times) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} histogram`);
      for (const { labels, buckets, sum, count } of series.values()) {
        for (const [place, bound] of BOUNDS.entries()) lines.push(`${name}_bucket${written({ ...labels, le: bound })} ${buckets[place]}`);
        lines.push(`${name}_bucket${written({ ...labels, le: '+Inf' })} ${count}`, `${name}_sum${written(labels)} ${sum}`, `${name}_count${written(labels)} ${count}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }
}
