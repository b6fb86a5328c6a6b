// One key-value pair as it is reviewed: its part of the list, and its two boxes on the page. `owner` is the element that
// shows it, and hears of changes.

class PairRow {
  state = 'given';

  constructor(pair, owner, index) {
    Object.assign(this, { pair, owner });
    const fixed = pair.missing || owner.flag('no-key-edit');
    const named = pair.key || `pair ${index + 1}`;
    this.key = fixed ? null : h('input', { type: 'text', value: pair.key, 'aria-label': `Key ${index + 1}`, oninput: () => owner.changed() });
    this.input = h('input', { type: 'text', value: pair.value, 'aria-label': `Value of ${named}`, oninput: () => owner.changed() });
    this.input.onkeydown = (event) => { if (event.key === 'Enter' && owner.next(this)) event.preventDefault(); };
    this.blank = this.button('blank', 'Value is blank', named);
    this.none = this.button('none', pair.missing ? 'Key not found' : 'Not a key and its value', named);
    const confidence = pair.keyBlock.confidence;
    this.element = h('section', { class: 'pair', role: 'group', 'aria-label': named },
      h('div', { class: 'key' }, this.key ?? h('b', {}, pair.key),
        pair.missing ? h('small', {}, 'not found by the machine')
          : Number.isFinite(confidence) ? h('small', {}, `${Math.round(confidence)} % sure`) : null),
      this.input, h('div', { class: 'states' }, this.blank, this.none));
    this.element.addEventListener('focusin', () => owner.show(this));
    this.element.addEventListener('click', () => owner.show(this));
    this.boxes = [['key', pair.keyBlock], ['value', pair.valueBlock]].flatMap(([part, block]) => this.box(part, block));
  }

  box(part, { geometry }) {
    const { left, top, width, height } = geometry?.boundingBox ?? {};
    if (![left, top, width, height].every(Number.isFinite)) return [];
    // The page is paper, light in the dark scheme too.
    return makeBox({ left, top, width, height }, '', part === 'key' ? '#1f56c4' : '#146c2e', {
      class: `box ${part}`, onclick: () => this.input.focus(),
    });
  }

  button(state, text, named) {
    return h('button', { class: 'state', type: 'button', 'aria-pressed': 'false', 'aria-label': `${text}: ${named}`,
      onclick: () => this.set(this.state === state ? 'given' : state) }, text);
  }

  set(state) {
    this.state = state;
    this.blank.setAttribute('aria-pressed', String(state === 'blank'));
    this.none.setAttribute('aria-pressed', String(state === 'none'));
    this.input.disabled = state !== 'given';
    this.element.classList.toggle('struck', state === 'none');
    this.owner.changed();
  }

  review(texts) {
    const { keyBlock, valueBlock } = this.pair;
    const text = texts.get(valueBlock.id);
    this.input.value = text || this.input.value;
    if (this.key) this.key.value = texts.get(keyBlock.id) ?? this.key.value;
    this.set(text === undefined ? 'none' : text ? 'given' : 'blank');
  }

  get open() {
    return this.state === 'given' && !this.input.value.trim();
  }

  get stands() {
    return this.state !== 'none';
  }

  get reviewed() {
    return { ...this.pair, key: this.key?.value ?? this.pair.key, value: this.state === 'blank' ? '' : this.input.value };
  }

  highlight(on) {
    this.element.classList.toggle('current', on);
    for (const box of this.boxes) box.classList.toggle('current', on);
  }
}
