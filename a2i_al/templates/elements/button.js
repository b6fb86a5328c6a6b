// <crowd-button>: tells its form what to do (form-action="submit" or "reset"), or is a link (href), or just a button; with
// an icon before its text or, with icon-align="right", behind it.

class CrowdButton extends CrowdElement {
  static delegatesFocus = true;
  static observedAttributes = ['disabled', 'loading'];

  render(root) {
    const variant = { primary: 'primary', link: 'quiet', icon: 'quiet' }[this.attribute('variant')] ?? '';
    const href = this.getAttribute('href');
    const icon = this.icon();
    const shown = this.attribute('icon-align') === 'right' ? [h('slot'), icon] : [icon, h('slot')];
    // A button that is an icon alone is called by the icon's name.
    const name = this.getAttribute('aria-label')
      ?? (this.textContent.trim() || this.children.length ? null : this.attribute('title') || this.attribute('icon').split(':').pop());
    this.control = href
      ? h('a', { class: `button ${variant}`, href, target: this.attribute('target', '_blank'), rel: 'noopener', 'aria-label': name || null }, ...shown)
      : h('button', { class: variant, type: 'button', 'aria-label': name || null, onclick: () => this.act() }, ...shown);
    root.append(this.control);
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    if (!this.control) return;
    this.control.toggleAttribute('disabled', this.flag('disabled') || this.flag('loading'));
    this.control.setAttribute('aria-busy', String(this.flag('loading')));
  }

  icon() {
    const url = this.attribute('icon-url');
    return url ? h('img', { class: 'icon', src: url, alt: '' }) : makeIcon(this.attribute('icon'));
  }

  // After the template's own click handlers, which may call preventDefault.
  act() {
    const action = this.getAttribute('form-action');
    if (action) this.fire('crowd-action', action);
  }
}

define('crowd-button', CrowdButton);
