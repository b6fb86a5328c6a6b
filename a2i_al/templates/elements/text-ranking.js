// <crowd-text-ranking>: responses to a text, ranked on one or more dimensions; 1 is best.
// Amazon documents no answer of it. Here: {"rankings": [{"dimension": "Clarity", "ranks": [2, 1]}]}, in the order of
// `ordinal-ranking-dimensions`, ranks in the order of `responses`.

class CrowdTextRanking extends FieldElement {
  rows = [];
  keys = [
    ['1 … 9', 'give the response that rank; the next one without a rank follows'],
    ['← →', 'change the rank of a response'],
  ];

  render(root) {
    this.slotChildren('full-instructions', 'short-instructions');
    this.responses = this.listed('responses').map((response) => String(isObject(response) ? response.text ?? '' : response));
    this.dimensions = this.listed('ordinal-ranking-dimensions').map((entry) =>
      (isObject(entry) ? { name: String(entry.name ?? ''), allowTie: entry.allowTie === true } : { name: String(entry), allowTie: false }));
    const text = this.attribute('text');
    root.append(h('section', { class: 'task many' },
      h('header', {}, h('h2', {}, this.attribute('header', 'Rank the responses')), h('slot', { name: 'full-instructions' })),
      this.brief(),
      text ? h('div', { class: 'target asked' }, text) : null,
      h('div', { class: 'responses' }, ...this.responses.map((response, index) =>
        h('section', { class: 'response', 'aria-label': this.nameOf(index) }, h('h3', {}, this.nameOf(index)), h('p', {}, response)))),
      h('div', { class: 'dimensions' }, ...this.dimensions.map((dimension) => this.ranking(dimension))),
      this.complaint, h('slot')));
    this.reset();
  }

  listed(name) {
    const listed = this.parsed(name, []);
    const entries = Array.isArray(listed) ? listed : [listed];
    if (!entries.length) this.complaint.textContent ||= `<crowd-text-ranking> has no ${name}.`;
    return entries;
  }

  nameOf(index) {
    return `Response ${index < 26 ? String.fromCharCode(65 + index) : index + 1}`;
  }

  ranking(dimension) {
    const rows = this.responses.map((_, index) => new RankRow(this.responses.length, `${this.nameOf(index)}, ${dimension.name}`, this.nameOf(index)));
    rows.forEach((row) => { row.onpick = (rank) => this.pick(dimension, rows, row, rank); });
    dimension.rows = rows;
    this.rows.push(...rows);
    return h('section', { class: 'dimension', role: 'group', 'aria-label': dimension.name },
      h('h3', {}, dimension.name, h('small', {}, dimension.allowTie ? ' 1 is best, ties are allowed' : ' 1 is best, each rank once')),
      ...rows.map((row) => row.element));
  }

  // Without ties, two responses swap their ranks, and the last one left gets the last rank left.
  pick({ allowTie }, rows, row, rank) {
    if (!allowTie) {
      const holder = rows.find((other) => other !== row && other.rank === rank);
      if (holder) holder.rank = row.rank;
    }
    row.rank = rank;
    const open = rows.filter((one) => one.rank === null);
    if (!allowTie && open.length === 1) {
      const taken = new Set(rows.map((one) => one.rank));
      open[0].rank = rows.findIndex((_, index) => !taken.has(index + 1)) + 1;
    }
    this.changed();
  }

  press(key) {
    const row = this.rows.find((one) => one.element.contains(this.shadowRoot.activeElement)) ?? this.rows.find((one) => one.rank === null);
    const rank = Number(key);
    if (!row || rank < 1 || rank > this.responses.length) return false;
    row.onpick(rank);
    const place = this.rows.indexOf(row);
    ([...this.rows.slice(place), ...this.rows].find((one) => one.rank === null) ?? row).focus();
    return true;
  }

  get open() {
    return this.rows.some((row) => row.rank === null);
  }

  get value() {
    return this.open ? undefined
      : { rankings: this.dimensions.map(({ name, rows }) => ({ dimension: name, ranks: rows.map((row) => row.rank) })) };
  }

  set value(value) {
    this.dimensions.forEach(({ name, rows }) => {
      const { ranks } = value?.rankings?.find((ranking) => ranking.dimension === name) ?? {};
      rows.forEach((row, index) => { row.rank = ranks?.[index] ?? null; });
    });
  }

  problem() {
    return this.open ? 'Give every response a rank.' : '';
  }

  focus() {
    (this.rows.find((row) => row.rank === null) ?? this.rows[0])?.focus();
  }

  reset() {
    this.value = null;
  }
}

// One response on one dimension: as many buttons as there are ranks, of which one is chosen.
class RankRow {
  #rank = null;

  constructor(count, name, shown) {
    this.buttons = Array.from({ length: count }, (_, index) => h('button', {
      class: 'rank', type: 'button', role: 'radio', onclick: () => this.onpick(index + 1),
    }, String(index + 1)));
    this.element = h('div', { class: 'ranks' }, h('span', { 'aria-hidden': 'true' }, shown),
      h('div', { role: 'radiogroup', 'aria-label': name, onkeydown: (event) => this.move(event) }, ...this.buttons));
    this.rank = null;
  }

  get rank() {
    return this.#rank;
  }

  set rank(rank) {
    this.#rank = rank;
    this.buttons.forEach((button, index) => {
      button.setAttribute('aria-checked', String(index + 1 === rank));
      button.tabIndex = index + 1 === (rank ?? 1) ? 0 : -1;
    });
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(this.buttons.length - 1, this.buttons.indexOf(event.target) + step));
    this.onpick(to + 1);
    this.focus();
  }

  focus() {
    this.buttons.find((button) => button.tabIndex === 0).focus();
  }
}

define('crowd-text-ranking', CrowdTextRanking);
