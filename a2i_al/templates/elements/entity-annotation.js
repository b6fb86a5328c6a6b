// <crowd-entity-annotation>: spans of a text, each with a label. It is a form of its own, with its own Submit; inputs that
// a template adds to that form, or puts inside this element, answer beside it.
// Answers {"entities": [{"label": "person", "startOffset": 0, "endOffset": 9}]}.

class CrowdEntityAnnotation extends FieldElement {
  steps = new History();
  keys = [
    ['1 … 9', 'label what is selected, or choose the label for what is selected next'],
    ['← → ↑ ↓', 'move through the words of the text'],
    ['Shift + ← →', 'select more words, or fewer'],
    ['Alt + Shift + ← →', 'one letter more, or one less'],
    ['Delete', 'remove the labels from what is selected'],
    ['u', 'undo; Shift + u does it again'],
  ];

  render(root) {
    this.slotChildren('full-instructions', 'short-instructions');
    const listed = this.parsed('labels', []);
    this.labels = new SpanLabels(Array.isArray(listed) ? listed : [listed], (label) => this.choose(label));
    if (!this.labels.all.length) this.complaint.textContent ||= '<crowd-entity-annotation> has no labels.';
    this.marked = new MarkedText(this.attribute('text'), { root, labels: this.labels, onselect: () => this.onSelect() });
    this.live = h('p', { class: 'unseen', 'aria-live': 'polite' });
    this.list = h('ul', { class: 'found' });
    this.count = h('h3', { id: 'found' });
    // Inside a crowd-form, where A2I does not want it, it is a field like others.
    root.append(h(this.closest('crowd-form') ? 'div' : 'crowd-form', {}, this.task(), h('slot')));
    this.reset();
  }

  task() {
    return h('section', { class: 'task' },
      h('header', {}, h('h2', { id: 'question' }, this.attribute('header')), h('slot', { name: 'full-instructions' })),
      this.brief(),
      h('div', { class: 'target' }, this.marked.element,
        h('p', { class: 'hint', id: 'how' }, 'Select a passage, then choose its label.')),
      h('div', { class: 'choices' }, this.labels.element, this.count, this.list, this.complaint, this.live));
  }

  get value() {
    const entities = inOrder(this.marked.spans).map(({ label, startOffset, endOffset }) => ({ endOffset, label, startOffset }));
    return this.initial ? { entities, initialValueModified: !this.unchanged() } : { entities };
  }

  set value(value) {
    const spans = Array.isArray(value) ? value : value?.entities ?? [];
    this.marked.spans = spans.map(({ label, startOffset, endOffset }) =>
      ({ label: String(label), startOffset: Number(startOffset), endOffset: Number(endOffset) }))
      .filter(({ startOffset, endOffset }) => startOffset >= 0 && startOffset < endOffset && endOffset <= this.marked.text.length);
    this.showSpans();
  }

  unchanged() {
    const spans = this.marked.spans;
    return spans.length === this.initial.length && spans.every((span) => this.initial.some((one) => sameSpan(one, span)));
  }

  press(key) {
    const found = this.labels.all[Number(key) - 1];
    if (found) this.choose(found.label);
    return Boolean(found);
  }

  // Labels what is selected; else this label is for what will be selected, until it is chosen again.
  choose(label) {
    if (this.marked.selection) {
      this.add(label);
      return;
    }
    this.labels.current = this.labels.current === label ? null : label;
  }

  add(label) {
    const { start, end } = this.marked.selection;
    const span = { label, startOffset: start, endOffset: end };
    if (!this.marked.spans.some((one) => sameSpan(one, span))) this.change([...this.marked.spans, span]);
    this.live.textContent = `“${this.passage(span)}” is ${this.labels.look(label).full}.`;
    if (!this.marked.byKeyboard) this.marked.select(null);
  }

  onSelect() {
    const { selection, byKeyboard } = this.marked;
    if (!selection) return;
    if (this.labels.current !== null && !byKeyboard) this.add(this.labels.current);
    else this.live.textContent = this.describe(selection);
  }

  describe({ start, end }) {
    const labels = this.marked.spans.filter((span) => span.startOffset < end && span.endOffset > start)
      .map((span) => this.labels.look(span.label).full);
    return this.marked.text.slice(start, end) + (labels.length ? `, ${labels.join(', ')}` : '');
  }

  hotkey(event) {
    if (event.key === 'u') return this.steps.undo();
    if (event.key === 'U') return this.steps.redo();
    const { selection } = this.marked;
    if (!['Delete', 'Backspace'].includes(event.key) || !selection) return false;
    const kept = this.marked.spans.filter((span) => span.startOffset >= selection.end || span.endOffset <= selection.start);
    if (kept.length < this.marked.spans.length) this.change(kept);
    return true;
  }

  change(spans) {
    const before = this.marked.spans;
    const show = (shown) => {
      this.marked.spans = shown;
      this.showSpans();
      this.changed();
    };
    this.steps.did({ undo: () => show(before), redo: () => show(spans) });
    show(spans);
  }

  passage({ startOffset, endOffset }) {
    const text = this.marked.text.slice(startOffset, endOffset);
    return text.length > 60 ? `${text.slice(0, 40)}…${text.slice(-16)}` : text;
  }

  showSpans() {
    this.marked.show();
    const spans = inOrder(this.marked.spans);
    this.count.textContent = spans.length ? `Labelled: ${spans.length}` : 'Nothing labelled yet';
    this.list.replaceChildren(...spans.map((span) => {
      const { full, colour } = this.labels.look(span.label);
      const remove = () => {
        const place = [...this.list.children].indexOf(item);
        this.change(this.marked.spans.filter((one) => !sameSpan(one, span)));
        (this.list.children[place] ?? this.list.lastChild)?.querySelector('.remove').focus();
      };
      const item = h('li', { style: `--colour: ${colour}` }, h('span', { class: 'swatch' }),
        h('span', { class: 'passage' }, `${this.passage(span)} `, h('small', {}, full)),
        h('button', { class: 'quiet remove', type: 'button', onclick: remove, 'aria-label': `Remove ${full} from “${this.passage(span)}”` },
          makeIcon('close')));
      return item;
    }));
  }

  focus() {
    this.marked.element.focus();
  }

  reset() {
    const initial = this.parsed('initial-value', null);
    this.value = initial;
    this.initial = initial === null ? null : this.marked.spans;
    this.steps = new History();
  }
}

define('crowd-entity-annotation', CrowdEntityAnnotation);
