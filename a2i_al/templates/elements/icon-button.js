// <crowd-icon-button icon="…"> and <crowd-fab icon="…" label="…" title="…">: buttons that are a picture. In place of an
// icon that is not drawn here stands the beginning of the label; its name is for screen readers only.

class CrowdIconButton extends CrowdElement {
  static delegatesFocus = true;
  static observedAttributes = ['disabled'];
  static look = 'quiet round';

  render(root) {
    const icon = this.attribute('icon');
    const label = this.attribute('label');
    const name = this.getAttribute('aria-label') ?? (this.attribute('title') || label || icon.split(':').pop());
    const shown = makeIcon(icon) ?? label.slice(0, 2);
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
