// <crowd-icon-button icon="…"> and <crowd-fab icon="…" label="…" title="…">: buttons that are a picture.

class CrowdIconButton extends CrowdElement {
  static delegatesFocus = true;
  static observedAttributes = ['disabled'];
  static look = 'quiet round';

  render(root) {
    const icon = this.attribute('icon');
    const label = this.attribute('label');
    const name = this.getAttribute('aria-label') ?? (this.attribute('title') || label || icon.split(':').pop());
    const shown = icon ? makeIcon(icon) ?? (label || icon).slice(0, 2) : label.slice(0, 2);
    this.button = h('button', { class: this.constructor.look, type: 'button', 'aria-label': name }, shown, h('slot'));
    root.append(this.button);
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    if (this.button) this.button.disabled = this.flag('disabled');
  }
}

class CrowdFab extends CrowdIconButton {
  static look = 'primary round fab';
}

define('crowd-icon-button', CrowdIconButton);
define('crowd-fab', CrowdFab);
