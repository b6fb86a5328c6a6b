// The list of categories that the classifiers share: radio buttons, or check boxes where several may be chosen.
// Arrow keys move, Space chooses, digits choose through the form's keys; `onchange` tells the owner.

class Options {
  constructor(labels, { multiple = false, hints = {}, onchange }) {
    this.labels = labels;
    this.multiple = multiple;
    this.hints = hints;
    this.onchange = onchange;
    this.chosen = new Set();
    // Categories that are digits themselves are chosen by themselves: 7 must never mean "6, the seventh".
    this.keys = labels.every((label) => /^[0-9]$/.test(label)) ? labels : [...'1234567890'];
    this.buttons = labels.map((label, index) => this.button(label, index));
    this.element = h('div', { class: 'options', role: multiple ? 'group' : 'radiogroup', 'aria-labelledby': 'question',
      'aria-describedby': 'problem' }, ...this.buttons);
    this.element.onkeydown = (event) => this.move(event);
    this.show();
  }

  button(label, index) {
    const key = index in this.keys ? h('kbd', { 'aria-hidden': 'true' }, this.keys[index]) : null;
    return h('button', {
      class: 'option', type: 'button', role: this.multiple ? 'checkbox' : 'radio', onclick: () => this.pick(index),
    }, h('span', { class: this.multiple ? 'mark square' : 'mark' }), h('span', { class: 'label' }, label),
    this.hints[label] ? h('small', {}, this.hints[label]) : null, key);
  }

  get value() {
    return this.labels.filter((label) => this.chosen.has(label));
  }

  set value(labels) {
    this.chosen = new Set(labels.filter((label) => this.labels.includes(label)));
    this.show();
  }

  // Chooses by key; says whether there is such a category.
  press(key) {
    const index = this.keys.indexOf(key);
    if (!(index in this.labels)) return false;
    this.pick(index);
    return true;
  }

  pick(index) {
    const label = this.labels[index];
    if (!this.multiple) this.chosen = new Set([label]);
    else if (!this.chosen.delete(label)) this.chosen.add(label);
    this.show();
    this.focus(index);
    this.onchange();
  }

  show() {
    const current = Math.max(0, this.labels.findIndex((label) => this.chosen.has(label)));
    this.buttons.forEach((button, index) => {
      button.setAttribute('aria-checked', String(this.chosen.has(this.labels[index])));
      button.tabIndex = this.multiple || index === current ? 0 : -1;
    });
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const from = this.buttons.indexOf(event.target.closest('button'));
    if (!step || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = (from + step + this.buttons.length) % this.buttons.length;
    if (this.multiple) this.focus(to);
    else this.pick(to);
  }

  focus(index = this.buttons.findIndex((button) => button.tabIndex === 0)) {
    this.buttons[index]?.focus();
  }
}
