// <crowd-button>: tells its form what to do (form-action="submit" or "reset"), or is a link (href), or just a button.

class CrowdButton extends CrowdElement {
  static delegatesFocus = true;
  static observedAttributes = ['disabled', 'loading'];

  render(root) {
    const variant = { primary: 'primary', link: 'quiet', icon: 'quiet' }[this.attribute('variant')] ?? '';
    const href = this.getAttribute('href');
    this.control = href
      ? h('a', { class: `button ${variant}`, href, target: this.attribute('target', '_blank'), rel: 'noopener' }, h('slot'))
      : h('button', { class: variant, type: 'button', onclick: () => this.act() }, h('slot'));
    root.append(this.control);
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    if (!this.control) return;
    this.control.toggleAttribute('disabled', this.flag('disabled') || this.flag('loading'));
    this.control.setAttribute('aria-busy', String(this.flag('loading')));
  }

  // After the template's own click handlers, which may call preventDefault.
  act() {
    const action = this.getAttribute('form-action');
    if (action) this.fire('crowd-action', action);
  }
}

define('crowd-button', CrowdButton);
