// <crowd-input> and <crowd-text-area>: written answers, always strings; an empty one is left out of the answer.

class CrowdInput extends FieldElement {
  static delegatesFocus = true;
  static observedAttributes = ['disabled'];

  render(root) {
    this.input = this.control();
    this.input.oninput = () => this.changed();
    this.input.onbeforeinput = (event) => this.refuse(event);
    const label = this.attribute('label');
    root.append(h('label', { for: 'input', hidden: !label }, label), this.input, this.below(), this.complaint);
    if (this.flag('auto-focus')) this.input.focus({ preventScroll: true });
  }

  control() {
    return h('input', { ...this.shared(), type: this.attribute('type', 'text'), value: this.getAttribute('value') });
  }

  shared() {
    return {
      id: 'input', placeholder: this.getAttribute('placeholder'), maxlength: this.getAttribute('max-length'),
      disabled: this.disabled, 'aria-required': this.required ? 'true' : null, 'aria-describedby': 'problem',
      'aria-label': this.getAttribute('aria-label') ?? (this.attribute('label') ? null : this.name),
    };
  }

  below() {
    return '';
  }

  get value() {
    return this.input.value;
  }

  set value(value) {
    this.input.value = value ?? '';
  }

  get answer() {
    return this.value || undefined;
  }

  attributeChangedCallback() {
    if (this.input) this.input.disabled = this.disabled;
  }

  // With auto-validate, a character that allowed-pattern has no place for never arrives.
  refuse(event) {
    if (!this.flag('auto-validate') || !event.data || this.allows(event.data)) return;
    event.preventDefault();
    this.complain(this.attribute('error-message') || `“${event.data}” is not allowed here.`);
  }

  // The pattern is meant for each character; one that fits the whole is understood too.
  allows(text) {
    const pattern = this.getAttribute('allowed-pattern');
    if (!pattern) return true;
    try {
      const whole = new RegExp(`^(?:${pattern})$`, 'u');
      return whole.test(text) || [...text].every((character) => whole.test(character));
    } catch {
      return true;
    }
  }

  problem() {
    const text = this.input.value;
    const shortest = Number(this.attribute('min-length', '0'));
    const own = this.getAttribute('error-message');
    if (this.required && !text) return own || 'Write an answer.';
    if (text && text.length < shortest) return own || `Write at least ${shortest} characters.`;
    if (text && !this.allows(text)) return own || `This must match ${this.getAttribute('allowed-pattern')}`;
    return this.input.validity.valid ? '' : own || this.input.validationMessage;
  }

  changed() {
    if (this.hasAttribute('invalid')) this.check();
    this.fire('change');
  }

  reset() {
    this.value = this.attribute('value');
    this.complain('');
  }
}

class CrowdTextArea extends CrowdInput {
  control() {
    const area = h('textarea', { ...this.shared(), rows: this.attribute('rows', '3') });
    area.value = this.attribute('value');
    return area;
  }

  below() {
    this.counter = h('p', { class: 'counter', hidden: !this.flag('char-counter') });
    this.count();
    return this.counter;
  }

  count() {
    const most = this.getAttribute('max-length');
    this.counter.textContent = `${this.input.value.length}${most ? ` of ${most}` : ''} characters`;
  }

  changed() {
    this.grow();
    this.count();
    super.changed();
  }

  grow() {
    const rows = Number(this.attribute('max-rows', '0'));
    const lines = this.input.value.split('\n').length;
    this.input.rows = Math.max(Number(this.attribute('rows', '3')), rows ? Math.min(rows, lines) : 0);
  }
}

define('crowd-input', CrowdInput);
define('crowd-text-area', CrowdTextArea);
