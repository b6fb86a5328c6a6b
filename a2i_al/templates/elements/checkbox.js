// <crowd-checkbox> and <crowd-toggle-button>: yes or no. Answer {"on": true}, or {value: true} where it has one.

class CrowdCheckbox extends FieldElement {
  static mark = 'mark square';
  static role = 'checkbox';

  render(root) {
    this.reset();
    if (this.attribute('label')) this.setAttribute('aria-label', this.attribute('label'));
    root.append(h('span', { class: this.constructor.mark }), h('span', { class: 'label' }, h('slot')), this.complaint);
    this.addEventListener('click', (event) => event.target.closest('a') || this.toggle());
    this.addEventListener('keydown', (event) => {
      if (event.key !== ' ' || event.target !== this) return;
      event.preventDefault();
      this.toggle();
    });
  }

  get checked() {
    return this.getAttribute('aria-checked') === 'true';
  }

  set checked(checked) {
    this.setAttribute('aria-checked', String(Boolean(checked)));
  }

  get value() {
    return { [this.attribute('value', 'on')]: this.checked };
  }

  set value(value) {
    this.setAttribute('value', value);
  }

  toggle() {
    if (this.disabled) return;
    this.checked = !this.checked;
    this.changed();
  }

  problem() {
    return this.required && !this.checked ? 'This must be ticked.' : '';
  }

  reset() {
    this.setAttribute('role', this.constructor.role);
    this.checked = this.flag('checked');
    this.tabIndex = this.disabled ? -1 : 0;
    this.setAttribute('aria-disabled', String(this.disabled));
  }
}

class CrowdToggleButton extends CrowdCheckbox {
  static mark = 'switch';
  static role = 'switch';
}

define('crowd-checkbox', CrowdCheckbox);
define('crowd-toggle-button', CrowdToggleButton);
