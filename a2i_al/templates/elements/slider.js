// <crowd-slider min max step value pin editable secondary-progress>: a number on a scale, with <crowd-slider-label
// position="n"> below it. Answers a JSON number.

class CrowdSlider extends FieldElement {
  static delegatesFocus = true;
  static observedAttributes = ['disabled'];
  keys = [['← →', 'move the slider that has the focus']];
  touched = false;

  render(root) {
    const [min, max] = [this.number('min', 0), this.number('max', 100)];
    const scale = { min, max, step: this.attribute('step', '1') };
    const label = this.getAttribute('aria-label') ?? (this.attribute('label') || this.name || 'Value');
    this.range = h('input', { ...scale, type: 'range', 'aria-label': label, 'aria-describedby': 'problem' });
    this.range.oninput = () => this.moved(this.range.value);
    // Where it stands already may be what is meant.
    this.range.onpointerup = () => this.moved(this.range.value);
    this.range.onkeydown = ({ key }) => { if (/^(Arrow|Home|End)/.test(key)) this.moved(this.range.value); };
    this.figure = this.flag('editable')
      ? h('input', { ...scale, type: 'number', 'aria-label': `${label}, as a number` }) : h('output', { 'aria-hidden': 'true' });
    this.figure.oninput = () => this.moved(this.figure.value, this.figure.value);
    this.figure.onchange = () => this.moved(this.figure.value);
    this.labels = h('div', { class: 'scale' }, h('slot'));
    const place = (value) => Math.min(1, Math.max(0, (value - min) / (max - min || 1))) || 0;
    const second = this.attribute('secondary-progress')
      ? h('i', { class: 'second', style: `--place: ${place(this.number('secondary-progress', min))}` }) : '';
    root.append(h('div', { class: 'slider' }, h('div', { class: 'track' }, this.range, second), this.figure), this.labels, this.complaint);
    for (const child of this.querySelectorAll(':scope > crowd-slider-label')) {
      child.style.setProperty('--place', place(Number(child.getAttribute('position'))));
    }
    this.reset();
    this.attributeChangedCallback();
  }

  number(name, fallback) {
    const number = Number(this.attribute(name) || fallback);
    return Number.isFinite(number) ? number : fallback;
  }

  attributeChangedCallback() {
    for (const input of [this.range, this.figure]) input && (input.disabled = this.disabled);
  }

  get open() {
    return !this.touched;
  }

  get value() {
    return Number(this.range.value);
  }

  set value(value) {
    this.range.value = value ?? this.range.min;
    this.figure.value = this.open && this.required ? '' : this.range.value;
  }

  // While a figure is being typed, it stays as it is typed.
  moved(value, typed = null) {
    this.touched = true;
    this.value = value;
    if (typed !== null) this.figure.value = typed;
    this.changed();
  }

  // A digit chooses on scales that are short enough to be meant.
  press(key) {
    const digit = Number(key);
    if (this.number('max', 100) > 9 || digit < this.number('min', 0) || digit > this.number('max', 100)) return false;
    this.moved(digit);
    this.range.focus();
    return true;
  }

  problem() {
    return this.required && this.open ? 'Choose a value.' : '';
  }

  focus() {
    this.range.focus();
  }

  reset() {
    this.touched = this.hasAttribute('value');
    this.value = this.attribute('value') || this.number('min', 0);
  }
}

class CrowdSliderLabel extends CrowdElement {
  render(root) {
    root.append(h('slot'));
  }
}

define('crowd-slider', CrowdSlider);
define('crowd-slider-label', CrowdSliderLabel);
