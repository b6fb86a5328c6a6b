// <crowd-classifier>: one category for whatever stands in <classification-target>. Answers {"label": "x"}.

const MANY = 12; // categories; more of them stand below what is judged, in columns, instead of beside it

class CrowdClassifier extends FieldElement {
  static multiple = false;

  render(root) {
    this.slotChildren('classification-target', 'full-instructions', 'short-instructions');
    this.options = new Options(this.categories(), {
      multiple: this.constructor.multiple, hints: this.hints(), onchange: () => this.changed(),
    });
    this.reset();
    root.append(h('section', { class: this.options.labels.length > MANY ? 'task many' : 'task' },
      h('header', {}, h('h2', { id: 'question' }, this.attribute('header')), h('slot', { name: 'full-instructions' })),
      this.brief(),
      h('div', { class: 'target' }, this.target()),
      h('div', { class: 'choices' }, this.options.element, this.complaint, this.extras(), h('slot'))));
  }

  categories() {
    const listed = this.parsed('categories', []);
    const labels = (Array.isArray(listed) ? listed : [listed]).map((entry) => this.labelOf(entry));
    if (!labels.length) this.complaint.textContent ||= `<${this.localName}> has no categories.`;
    return [...new Set(labels)];
  }

  labelOf(entry) {
    return String(isObject(entry) ? entry.label ?? entry.name ?? '' : entry);
  }

  // What is said beside a category, by its label.
  hints() {
    return {};
  }

  target() {
    return h('slot', { name: 'classification-target' });
  }

  extras() {
    return null;
  }

  get open() {
    return !this.options.value.length;
  }

  get value() {
    const [label] = this.options.value;
    return label === undefined ? undefined : { label };
  }

  set value(value) {
    this.options.value = [value?.label ?? value].map(String);
  }

  problem() {
    return this.open ? 'Choose a category.' : '';
  }

  press(key) {
    return this.options.press(key);
  }

  focus() {
    this.options.focus();
  }

  reset() {
    this.value = this.attribute('initial-value');
  }
}

define('crowd-classifier', CrowdClassifier);
