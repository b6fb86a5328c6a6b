// The labels of spans: how each is called and coloured, and the buttons to choose one by. `current` is the label that
// selections get at once, or null.

class SpanLabels {
  #current = null;

  constructor(entries, onchoose) {
    this.all = entries.map((entry, index) => {
      const { label, fullDisplayName, shortDisplayName } = isObject(entry) ? entry : { label: entry };
      const name = String(label ?? '');
      return { label: name, full: String(fullDisplayName ?? name), short: String(shortDisplayName ?? name), colour: colourOf(index) };
    });
    this.buttons = this.all.map((one, index) => this.button(one, index, onchoose));
    this.element = h('div', { class: 'options', role: 'group', 'aria-label': 'Labels' }, ...this.buttons);
  }

  button({ label, full, short, colour }, index, onchoose) {
    return h('button', {
      class: 'option toggle', type: 'button', 'aria-pressed': 'false', style: `--colour: ${colour}`, onclick: () => onchoose(label),
    }, h('span', { class: 'swatch' }), h('span', { class: 'label' }, full),
    short === full ? null : h('small', {}, short), index < 9 ? h('kbd', { 'aria-hidden': 'true' }, String(index + 1)) : null);
  }

  // An initial span may have a label that the list lacks.
  look(label) {
    return this.all.find((one) => one.label === label) ?? { label, full: label, short: label, colour: colourOf(this.all.length) };
  }

  get current() {
    return this.#current;
  }

  set current(label) {
    this.#current = label;
    this.buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(this.all[index].label === label)));
  }
}
