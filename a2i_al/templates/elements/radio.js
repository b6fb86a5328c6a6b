// <crowd-radio-group> of <crowd-radio-button>s: one of several. Every button answers for itself, {value: true or false}
// under its own name; the group adds nothing. Buttons without a group belong together by their name.

class CrowdRadioButton extends CrowdCheckbox {
  static mark = 'mark';
  static role = 'radio';

  render(root) {
    super.render(root);
    this.addEventListener('keydown', (event) => this.move(event));
    queueMicrotask(() => this.rove());
  }

  get siblings() {
    const group = this.closest('crowd-radio-group');
    const all = [...(group ?? this.closest('crowd-form') ?? document).querySelectorAll('crowd-radio-button')];
    return all.filter((button) => !button.disabled
      && (group || (button.name === this.name && !button.closest('crowd-radio-group'))));
  }

  toggle() {
    if (this.disabled) return;
    for (const button of this.siblings) button.checked = button === this;
    this.rove();
    this.changed();
  }

  // Tab reaches the chosen button, or the first; arrow keys go on from there.
  rove() {
    const siblings = this.siblings;
    const current = siblings.find((button) => button.checked) ?? siblings[0];
    for (const button of siblings) button.tabIndex = button === current ? 0 : -1;
  }

  move(event) {
    if (event.key === 'Enter' && !this.checked) {
      event.preventDefault();
      this.toggle();
      return;
    }
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const siblings = this.siblings;
    const next = siblings[(siblings.indexOf(this) + step + siblings.length) % siblings.length];
    next.toggle();
    next.focus();
  }

  problem() {
    return '';
  }
}

class CrowdRadioGroup extends CrowdElement {
  render(root) {
    this.setAttribute('role', 'radiogroup');
    root.append(h('slot'));
  }

  get open() {
    return !this.querySelector('crowd-radio-button[aria-checked="true"]');
  }

  press(key) {
    const button = this.querySelectorAll('crowd-radio-button:not([disabled])')[Number(key) - 1];
    button?.toggle();
    button?.focus();
    return Boolean(button);
  }
}

define('crowd-radio-group', CrowdRadioGroup);
define('crowd-radio-button', CrowdRadioButton);
